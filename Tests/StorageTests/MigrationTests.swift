import Core
import Storage
import Testing
import Wire

@Suite struct MigrationTests {
    private static let colour = Migration(91, "colours") { _ in ["ALTER TABLE note ADD COLUMN colour TEXT"] }

    @Test func `a newer program adds what is missing`() async throws {
        try await TestStore.with { store in
            try await open(store, [TestDatabase.notes])
            try await open(store, [Self.colour, TestDatabase.notes])
            try await open(store, [Self.colour, TestDatabase.notes])
        }
    }

    @Test func `a program that is older than the database is refused`() async throws {
        try await TestStore.with { store in
            try await open(store, [TestDatabase.notes, Self.colour])
            await #expect(throws: MigrationError.databaseIsNewer(number: 91, name: "colours")) {
                try await open(store, [TestDatabase.notes])
            }
        }
    }

    @Test func `an edited migration is refused`() async throws {
        try await TestStore.with { store in
            try await open(store, [TestDatabase.notes])
            let edited = Migration(90, "better notes") { _ in [] }
            await #expect(throws: MigrationError.nameChanged(number: 90, recorded: "notes", declared: "better notes")) {
                try await open(store, [edited])
            }
        }
    }

    @Test func `a migration can't be slipped in before one that was applied`() async throws {
        try await TestStore.with { store in
            let last = Migration(95, "last") { _ in [] }
            try await open(store, [TestDatabase.notes, last])
            await #expect(throws: MigrationError.gap(number: 91)) {
                try await open(store, [TestDatabase.notes, Self.colour, last])
            }
            // Another domain's block moves on its own.
            try await open(store, [TestDatabase.notes, last, Migration(80, "elsewhere") { _ in [] }])
        }
    }

    @Test func `two migrations with one number are refused`() async throws {
        try await TestStore.with { store in
            await #expect(throws: MigrationError.duplicateNumber(90)) {
                try await open(store, [TestDatabase.notes, Migration(90, "other") { _ in [] }])
            }
        }
    }

    @Test func `a migration that fails leaves nothing behind`() async throws {
        try await TestStore.with { store in
            let broken = Migration(91, "broken") { _ in ["CREATE TABLE half (id INTEGER)", "CREATE TABLE half (id INTEGER)"] }
            await #expect(throws: StorageError.self) { try await open(store, [TestDatabase.notes, broken]) }
            try await open(store, [TestDatabase.notes, Migration(91, "mended") { _ in ["CREATE TABLE half (id INTEGER)"] }])
        }
    }

    private func open(_ store: TestStore, _ migrations: [Migration]) async throws {
        let opened = try TestDatabase(in: store, migrations: migrations)
        await opened.database.close()
    }
}
