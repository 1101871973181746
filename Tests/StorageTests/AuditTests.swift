import Core
import Storage
import Testing
import Wire

@Suite struct AuditTests {
    @Test func `the trail says who did what by which request`() async throws {
        var configuration = DatabaseConfiguration.patient
        configuration.timeZoneVersion = "2026b"
        try await TestDatabase.run(configuration) { test in
            try await test.database.writeUnrecorded(by: .test(user: 5)) { tx in
                try tx.audit("note.changed", "note:1", before: ["stars": 1], after: ["stars": 2])
                try tx.audit("note.removed", "note:1")
            }
            let rows = try await test.database.read { try $0.all("SELECT * FROM audit ORDER BY id") }
            #expect(try rows[0]["actor"] == UserID(5))
            #expect(try rows[0]["at"] == test.time.now)
            #expect(try rows[0]["action"] == "note.changed")
            #expect(try rows[0]["thing"] == "note:1")
            #expect(try rows[0]["before"] == #"{"stars":1}"#)
            #expect(try rows[0]["after"] == #"{"stars":2}"#)
            #expect(try rows[0]["request_id"] == "request-1")
            #expect(try rows[0]["transport"] == "http")
            #expect(try rows[0]["tzdata"] == "2026b")
            let nothing: String? = try rows[1]["after"]
            #expect(nothing == nil)
        }
    }

    @Test(
        arguments: [
            "UPDATE audit SET action = 'nothing'",
            "DELETE FROM audit",
            TestStore.isSQLite
                ? "INSERT OR REPLACE INTO audit (id, at, action, thing, request_id, transport) VALUES (1, 0, '', '', '', '')"
                : "UPDATE audit SET at = 1 WHERE id = 404",
            "INSERT INTO audit (id, at, action, thing, request_id, transport) VALUES (1, 0, '', '', '', '') ON CONFLICT (id) DO UPDATE SET at = 1",
        ] as [SQL])
    func `the trail can't be changed`(statement: SQL) async throws {
        try await TestDatabase.run { test in
            try await test.database.writeUnrecorded(by: .test()) { tx in try tx.audit("note.removed", "note:1") }
            await #expect(throws: StorageError.refused("audit is append-only")) {
                try await test.database.writeUnrecorded(by: .test()) { tx in try tx.execute(statement) }
            }
            #expect(try await test.database.read { try $0.value("SELECT action FROM audit") } == "note.removed")
        }
    }

    @Test func `what is rolled back leaves no trail`() async throws {
        try await TestDatabase.run { test in
            await #expect(throws: AccessError.forbidden) {
                try await test.database.writeUnrecorded(by: .test()) { tx in
                    try tx.audit("note.removed", "note:1")
                    throw AccessError.forbidden
                }
            }
            let lines: Int? = try await test.database.read { try $0.value("SELECT COUNT(*) FROM audit") }
            #expect(lines == 0)
        }
    }
}
