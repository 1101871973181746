import Core
import Storage
import Testing
import Wire

@Suite struct StatementTests {
    @Test(arguments: ["'; DROP TABLE note; --", "\" OR 1=1", "?", "$1", ":name", "%_\\", "日本語 👟", "", "a\u{301}"])
    func `a value is bound and never becomes a statement`(hostile: String) async throws {
        try await TestDatabase.run { test in
            try await test.database.writeUnrecorded(by: .test()) { tx in try tx.write(hostile) }
            let found: [Note] = try await test.database.read { try $0.all("SELECT id, text FROM note WHERE text = \(hostile)") }
            #expect(found.map(\.text) == [hostile])
        }
    }

    @Test func `text that a database can't keep is refused, not cut`() async throws {
        try await TestDatabase.run { test in
            await #expect(throws: ValidationError.self) {
                try await test.database.writeUnrecorded(by: .test()) { tx in try tx.write("admin\0x") }
            }
        }
    }

    @Test func `a placeholder in the text of a statement takes no value`() async throws {
        try await TestDatabase.run { test in
            await #expect(throws: StorageError.self) {
                try await test.database.read { try $0.all("SELECT * FROM note WHERE text = ? AND id = \(1)") }
            }
        }
    }

    @Test func `statements nest and lists bind every element`() async throws {
        try await TestDatabase.run { test in
            try await test.database.writeUnrecorded(by: .test()) { tx in for text in ["a", "b", "c", "d"] { try tx.write(text) } }
            let answer = try await test.database.read { snapshot -> [[String]] in
                let condition: SQL = "text IN \(list: ["a", "c", "d"]) AND id < \(4)"
                let order: SQL = "id DESC"
                return [
                    try snapshot.all("SELECT text FROM note WHERE \(condition) ORDER BY \(order)").map { try $0["text"] },
                    try snapshot.all("SELECT text FROM note WHERE text IN \(list: [String]())").map { try $0["text"] },
                ]
            }
            #expect(answer == [["c", "a"], []])
        }
    }

    @Test func `statements with the same values and other words are told apart`() async throws {
        try await TestDatabase.run { test in
            try await test.database.writeUnrecorded(by: .test()) { tx in for text in ["a", "b"] { try tx.write(text) } }
            let orders: [SQL] = ["id", "id DESC"]
            // Twice: the second time from the statements that are compiled already.
            for _ in 1...2 {
                for (order, expected) in zip(orders, [["a", "b"], ["b", "a"]]) {
                    let texts: [String] = try await test.database.read { snapshot in
                        try snapshot.all("SELECT text FROM note WHERE id > \(0) ORDER BY \(order)").map { try $0["text"] }
                    }
                    #expect(texts == expected)
                }
            }
        }
    }

    @Test func `values of every kind come back as they went`() async throws {
        try await TestDatabase.run { test in
            let time = test.time.now
            try await test.database.read { snapshot in
                let row = try snapshot.one(
                    """
                    SELECT \(Int.max) AS "int", \(true) AS "bool", \(1.5) AS "double", \("t") AS "string", \([1, 0, 255] as [UInt8]) AS "bytes",
                        \(time) AS "instant", \(LocalDate("2026-07-01")) AS "date", \(LocalTime("09:30")) AS "time", \(UserID(7)) AS "id",
                        \(RawJSON(#"{"a":[1]}"#)) AS "json", \(Colour.red) AS "colour", \(nil as Int?) AS "none", \([] as [UInt8]) AS "empty",
                        \(LocalDateTime("2026-07-01T09:30")) AS "local"
                    """
                )
                #expect(try row["int"] == Int.max)
                #expect(try row["bool"] == true)
                #expect(try row["double"] == 1.5)
                #expect(try row["string"] == "t")
                #expect(try row["bytes"] == [1, 0, 255] as [UInt8])
                #expect(try row["instant"] == time)
                #expect(try row["date"] == LocalDate("2026-07-01"))
                #expect(try row["time"] == LocalTime("09:30"))
                #expect(try row["local"] == LocalDateTime("2026-07-01T09:30"))
                #expect(try row["id"] == UserID(7))
                #expect(try row["json"] == RawJSON(#"{"a":[1]}"#))
                #expect(try row["colour"] == Colour.red)
                let none: Int? = try row["none"]
                #expect(none == nil)
                #expect(try row["empty"] == [] as [UInt8])
                #expect(throws: StorageError.typeMismatch(expected: "Int", found: "null")) { let _: Int = try row["none"] }
                #expect(throws: StorageError.typeMismatch(expected: "String", found: "integer")) { let _: String = try row["int"] }
                #expect(throws: StorageError.noColumn("missing")) { let _: String = try row["missing"] }
            }
        }
    }

    @Test func `constraints say which they are`() async throws {
        try await TestDatabase.run { test in
            try await test.database.writeUnrecorded(by: .test()) { tx in try tx.write("a") }
            // On some engines a closure runs again before it may go on after a refusal: what it sees is looked at afterwards.
            let refusals = try await test.database.writeUnrecorded(by: .test()) { tx -> [StorageError?] in
                let statements: [SQL] = [
                    "INSERT INTO note (text) VALUES ('a')", "INSERT INTO note (id, text) VALUES (1, 'b')",
                    "INSERT INTO note (text) VALUES (NULL)",
                    "INSERT INTO note (text, parent_id) VALUES ('c', 99)", "UPDATE note SET stars = 6",
                ]
                let refusals = statements.map { statement -> StorageError? in
                    do {
                        try tx.execute(statement)
                        return nil
                    } catch {
                        return error as? StorageError
                    }
                }
                // A refused statement leaves the transaction usable.
                try tx.execute("UPDATE note SET stars = \(5)")
                return refusals
            }
            #expect(
                refusals == [
                    .unique("note.text"), .unique("note.id"), .notNull("note.text"), .foreignKey, .check("stars_in_range"),
                ]
            )
            #expect(try await test.database.read { try $0.value("SELECT stars FROM note") } == 5)
            await #expect(throws: StorageError.noRow) { try await test.database.read { try $0.one("SELECT * FROM note WHERE id = 99") } }
        }
    }

    @Test func `a read can't write`() async throws {
        try await TestDatabase.run { test in
            await #expect(throws: StorageError.forbiddenStatement) {
                try await test.database.read { _ = try $0.all("INSERT INTO note (text) VALUES ('x') RETURNING id") }
            }
        }
    }

    @Test func `one read's error leaves the others alone`() async throws {
        try await TestDatabase.run { test in
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<100 {
                    group.addTask { [database = test.database] in
                        if number % 3 == 0 {
                            await #expect(throws: StorageError.self) { try await database.read { _ = try $0.all("SELECT * FROM nowhere") } }
                        } else {
                            await #expect(throws: Never.self) { try await database.read { _ = try $0.notes() } }
                        }
                    }
                }
            }
        }
    }

    private enum Colour: String, SQLConvertible {
        case red
    }
}
