import Core
import Foundation
import ScratchDatabase
import SeededRandom
import Storage
import Testing

@Suite(.enabled(if: TestStore.isPostgreSQL), .timeLimit(.minutes(5))) struct InstallationMoveTests {
    /// A row with a value of every kind.
    private struct Oddity: RowDecodable, Hashable {
        var id: Int64
        var elder: Int64?
        var whole: Int64
        var ratio: Double?
        var flag: Bool
        var text: String
        var bytes: [UInt8]?

        init(id: Int64, _ generator: inout SplitMix64, of count: Int64) {
            self.id = id
            // Those that come later are referred to, too.
            elder = generator.number(in: 0...3) == 0 ? nil : Int64(generator.number(in: 1...Int(count)))
            whole = [Int64.min, Int64.max, 0, -1, 1 << 40][generator.number(in: 0...4)]
            ratio = [nil, 0, -0.0, Double.pi, Double.greatestFiniteMagnitude, -Double.leastNonzeroMagnitude][generator.number(in: 0...5)]
            flag = generator.number(in: 0...1) == 1
            let long = String(repeating: "long ", count: 30_000)
            text = ["", "\u{1F3F8} ø\r\n\t\\N \"'", "[null, 1]", "e\u{301}", long][generator.number(in: 0...4)]
            bytes = [nil, [], [0], Array(0...255)][generator.number(in: 0...3)]
        }

        init(row: Row) throws {
            id = try row["id"]
            elder = try row["elder"]
            whole = try row["whole"]
            ratio = try row["ratio"]
            flag = try row["flag"]
            text = try row["text"]
            bytes = try row["bytes"]
        }
    }

    private static let oddities = Migration(91, "oddities") { dialect in
        [
            """
            CREATE TABLE oddity (
                id \(dialect.identity),
                elder \(dialect.integer) REFERENCES oddity (id),
                whole \(dialect.integer) NOT NULL,
                ratio DOUBLE PRECISION,
                flag \(dialect.boolean) NOT NULL,
                "text" \(dialect.text) NOT NULL,
                bytes \(dialect.blob)
            )
            """
        ]
    }

    private static let count = 600

    @Test func `every value crosses as it is, to PostgreSQL and back in a backup`() async throws {
        var generator = SplitMix64(seed: 18)
        let written = (1...Self.count).map { Oddity(id: Int64($0), &generator, of: Int64(Self.count)) }
        try await withTemporaryDirectory { directory in
            let (first, second) = (directory + "/first.sqlite", directory + "/second.sqlite")
            try await Self.with(try .open(sqlite: first, time: ManualTime(), committed: CommittedRecorder(), migrations: [Self.oddities])) {
                try await Self.write(written, to: $0)
            }
            try await TestStore.with { store in
                guard case .postgreSQL(let scratch) = store, let address = PostgreSQLAddress(uri: scratch.url) else { return }
                _ = try InstallationMove.carry(
                    sqlite: first, to: address, time: ManualTime(), migrations: [Self.oddities], progress: { _, _, _ in })
                // Nothing has asked for a number yet: what the backup says of them is what the move has brought.
                let untouched = directory + "/untouched"
                _ = try PostgreSQLBackup.make(
                    of: address, to: untouched, time: ManualTime(), migrations: [Self.oddities], progress: { _, _, _ in })
                #expect(try await Self.nextNumber(in: untouched) == Int64(Self.count) + 2)
                let epoch = try await Self.with(
                    try store.open(
                        time: ManualTime(), committed: CommittedRecorder(), DatabaseConfiguration(), migrations: [Self.oddities])
                ) { database in
                    #expect(try await Self.read(database) == written)
                    let next: Int64 = try await Self.append(to: database)
                    // The highest of those that are gone counts, too.
                    #expect(next == Int64(Self.count) + 2)
                    return try await database.read { try $0.one("SELECT value FROM epoch")["value"] as String }
                }
                let backup = directory + "/backup"
                let manifest = try PostgreSQLBackup.make(
                    of: address, to: backup, time: ManualTime(), migrations: [Self.oddities], progress: { _, _, _ in })
                #expect(manifest.epoch == epoch)
                #expect(manifest.rows["oddity"] == Self.count + 1)
                _ = try await SQLiteRestore.restore(
                    backup, to: second, isReplacing: false, time: ManualTime(), migrations: [Self.oddities], progress: { _, _, _ in })
            }
            try await Self.with(try .open(sqlite: second, time: ManualTime(), committed: CommittedRecorder(), migrations: [Self.oddities]))
            {
                #expect(try await Self.read($0).dropLast() == written[...])
                let next: Int64 = try await Self.append(to: $0)
                #expect(next == Int64(Self.count) + 3)
            }
        }
    }

    private static func write(_ oddities: [Oddity], to database: Database) async throws {
        try await database.writeUnrecorded(by: .test()) { tx in
            for oddity in oddities {
                try tx.execute(
                    """
                    INSERT INTO oddity (id, whole, ratio, flag, "text", bytes)
                    VALUES (\(oddity.id), \(oddity.whole), \(oddity.ratio), \(oddity.flag), \(oddity.text), \(oddity.bytes))
                    """
                )
            }
            for oddity in oddities { try tx.execute("UPDATE oddity SET elder = \(oddity.elder) WHERE id = \(oddity.id)") }
        }
        let last = try await append(to: database)
        try await database.writeUnrecorded(by: .test()) { tx in _ = try tx.execute("DELETE FROM oddity WHERE id = \(last)") }
    }

    /// Of the first row that would be added to a backup.
    private static func nextNumber(in backup: String) async throws -> Int64 {
        let path = backup + ".restored"
        _ = try await SQLiteRestore.restore(
            backup, to: path, isReplacing: false, time: ManualTime(), migrations: [Self.oddities], progress: { _, _, _ in })
        return try await with(try .open(sqlite: path, time: ManualTime(), committed: CommittedRecorder(), migrations: [oddities])) {
            try await append(to: $0)
        }
    }

    private static func append(to database: Database) async throws -> Int64 {
        try await database.writeUnrecorded(by: .test()) { tx in
            try tx.insert("INSERT INTO oddity (whole, flag, \"text\") VALUES (1, 0, 'next')")
        }
    }

    private static func read(_ database: Database) async throws -> [Oddity] {
        try await database.read { try $0.all("SELECT * FROM oddity ORDER BY id") }
    }

    private static func with<Result>(_ database: Database, _ body: (Database) async throws -> Result) async throws -> Result {
        do {
            let result = try await body(database)
            await database.close()
            return result
        } catch {
            await database.close()
            throw error
        }
    }
}
