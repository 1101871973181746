import Core
import Storage
import Testing
import Wire

@Suite(.enabled(if: TestStore.isPostgreSQL)) struct BindingTests {
    @Test(arguments: [
        ("0", 0), ("10000", 10_000), ("-120000000", -120_000_000), ("9223372036854775807", Int64.max), ("100010000", 100_010_000),
    ])
    func `a sum of integers is an integer`(text: String, value: Int64) async throws {
        try await TestDatabase.run { test in
            let sum: Int64? = try await test.database.read { try $0.value("SELECT SUM(n) FROM (VALUES (\(value)), (\(Int64(0)))) v(n)") }
            #expect(sum == value)
            #expect(String(value) == text)
        }
    }

    @Test func `numbers with a fraction, booleans and narrow integers are read`() async throws {
        try await TestDatabase.run { test in
            try await test.database.read { snapshot in
                let row = try snapshot.one(
                    """
                    SELECT 1234567.875::numeric AS n, -0.0625::numeric AS m, 1e20::numeric AS wide, TRUE AS yes, FALSE AS no, (-3)::smallint AS small,
                        -70000 AS medium, 1.5::real AS narrow, NULL AS nothing, 'x' AS word
                    """
                )
                #expect(try row["n"] == 1_234_567.875)
                #expect(try row["m"] == -0.0625)
                #expect(try row["wide"] == 1e20)
                #expect(try row["yes"] == true && row["no"] == false)
                #expect(try row["small"] == -3 && row["medium"] == -70_000)
                #expect(try row["narrow"] == 1.5)
                #expect(try row["nothing"] as String? == nil)
                #expect(try row["word"] == "x")
            }
        }
    }

    @Test func `a place that is null one time and a value another is typed both times`() async throws {
        try await TestDatabase.run { test in
            for (stars, text) in [(nil, "a"), (3, nil), (nil, nil)] as [(Int?, String?)] {
                let row = try await test.database.read {
                    try $0.one("SELECT COALESCE(\(stars), 5) AS stars, COALESCE(\(text), 'none') AS text")
                }
                #expect(try row["stars"] == stars ?? 5)
                #expect(try row["text"] == text ?? "none")
            }
        }
    }

    @Test func `a value that does not fit is refused without being repeated`() async throws {
        try await TestDatabase.run { test in
            let error = try await #require(throws: StorageError.self) {
                try await test.database.read { try $0.all("SELECT \("s3cret")::bigint") }
            }
            guard case .statement(let message) = error else { throw error }
            #expect(!message.contains("s3cret"))
        }
    }

    @Test func `text sorts by its bytes, whatever the language of the installation`() async throws {
        try await TestDatabase.run { test in
            let words = ["b", "A", "a", "B", "ä", "_", "é"]
            try await test.database.writeUnrecorded(by: .test()) { tx in for word in words { try tx.write(word, on: nil) } }
            let sorted = try await test.database.read { try $0.all("SELECT text FROM note ORDER BY text").map { try $0["text"] as String } }
            #expect(sorted == ["A", "B", "_", "a", "b", "ä", "é"])
        }
    }

    @Test func `more texts than a connection keeps prepared do no harm`() async throws {
        try await TestDatabase.run { test in
            for count in 1...1_100 where count % 2 == 1 || count > 1_000 {
                let found: [Row] = try await test.database.read { try $0.all("SELECT id FROM note WHERE id IN \(list: 0..<count)") }
                #expect(found.isEmpty)
            }
        }
    }

    @Test func `a table that gets another column under a prepared statement is read anew`() async throws {
        try await TestStore.with { store in
            guard case .postgreSQL(let scratch) = store else { return }
            let test = try TestDatabase(in: store)
            try await test.database.writeUnrecorded(by: .test()) { tx in try tx.write("x", on: nil) }
            for column in ["first_column", "second_column"] {
                for _ in 1...2 {
                    let row = try await test.database.writeUnrecorded(by: .test()) { tx in try tx.one("SELECT * FROM note") }
                    #expect(try row["text"] == "x")
                }
                try scratch.execute("ALTER TABLE note ADD COLUMN \(column) BIGINT")
            }
            await test.database.close()
        }
    }
}
