import Core
import Storage
import Testing
import Wire

@Suite struct MigrationTests {
    private static let colour = Migration(91, "colours") { _ in ["ALTER TABLE note ADD COLUMN colour TEXT"] }

    @Test func `a newer program adds what is missing`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/test.sqlite"
            try await open(path, [TestDatabase.notes])
            try await open(path, [Self.colour, TestDatabase.notes])
            try await open(path, [Self.colour, TestDatabase.notes])
        }
    }

    @Test func `a program that is older than the database is refused`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/test.sqlite"
            try await open(path, [TestDatabase.notes, Self.colour])
            await #expect(throws: MigrationError.databaseIsNewer(number: 91, name: "colours")) {
                try await open(path, [TestDatabase.notes])
            }
        }
    }

    @Test func `an edited migration is refused`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/test.sqlite"
            try await open(path, [TestDatabase.notes])
            let edited = Migration(90, "better notes") { _ in [] }
            await #expect(throws: MigrationError.nameChanged(number: 90, recorded: "notes", declared: "better notes")) {
                try await open(path, [edited])
            }
        }
    }

    @Test func `a migration can't be slipped in before one that was applied`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/test.sqlite"
            let last = Migration(95, "last") { _ in [] }
            try await open(path, [TestDatabase.notes, last])
            await #expect(throws: MigrationError.gap(number: 91)) {
                try await open(path, [TestDatabase.notes, Self.colour, last])
            }
            // Another domain's block moves on its own.
            try await open(path, [TestDatabase.notes, last, Migration(80, "elsewhere") { _ in [] }])
        }
    }

    @Test func `two migrations with one number are refused`() async throws {
        try await withTemporaryDirectory { directory in
            await #expect(throws: MigrationError.duplicateNumber(90)) {
                try await open(directory + "/test.sqlite", [TestDatabase.notes, Migration(90, "other") { _ in [] }])
            }
        }
    }

    @Test func `a migration that fails leaves nothing behind`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/test.sqlite"
            let broken = Migration(91, "broken") { _ in ["CREATE TABLE half (id INTEGER)", "CREATE TABLE half (id INTEGER)"] }
            await #expect(throws: StorageError.self) { try await open(path, [TestDatabase.notes, broken]) }
            try await open(path, [TestDatabase.notes, Migration(91, "mended") { _ in ["CREATE TABLE half (id INTEGER)"] }])
        }
    }

    private func open(_ path: String, _ migrations: [Migration]) async throws {
        let opened = try TestDatabase(path: path, migrations: migrations)
        await opened.database.close()
    }
}
