import Core
import Storage
import Testing
import Wire

@Suite struct IdempotencyTests {
    @Test func `a repeat gets the first answer and changes nothing`() async throws {
        try await TestDatabase.run { test in
            let first = CallContext.test(key: "k")
            let note = try await test.database.write(for: first) { tx in try tx.write("once") }
            #expect(!first.replay.isReplay)

            let second = CallContext.test(key: "k")
            let again = try await test.database.write(for: second) { tx in try tx.write("twice") }
            #expect(again == note)
            #expect(second.replay.isReplay)
            #expect(try await test.database.read { try $0.notes() } == ["once"])
            #expect(test.committed.events.count == 1)
        }
    }

    @Test func `a key that comes with another request is refused`() async throws {
        try await TestDatabase.run { test in
            try await test.database.write(for: .test(key: "k", fingerprint: "a")) { tx in try tx.write("one") }
            await #expect(throws: RequestError.idempotencyKeyReused) {
                try await test.database.write(for: .test(key: "k", fingerprint: "b")) { tx in try tx.write("two") }
            }
            #expect(try await test.database.read { try $0.notes() } == ["one"])
        }
    }

    @Test func `a failure is not stored`() async throws {
        try await TestDatabase.run { test in
            await #expect(throws: AccessError.forbidden) {
                try await test.database.write(for: .test(key: "k")) { tx -> Note in
                    try tx.write("lost")
                    throw AccessError.forbidden
                }
            }
            let context = CallContext.test(key: "k")
            let note = try await test.database.write(for: context) { tx in try tx.write("kept") }
            #expect(note.text == "kept")
            #expect(!context.replay.isReplay)
        }
    }

    @Test func `keys of different people never meet`() async throws {
        try await TestDatabase.run { test in
            try await test.database.write(for: .test(user: 1, key: "k")) { tx in try tx.write("one") }
            try await test.database.write(for: .test(user: 2, key: "k")) { tx in try tx.write("two") }
            try await test.database.write(for: .test(user: nil, key: "k")) { tx in try tx.write("three") }
            #expect(try await test.database.read { try $0.notes() } == ["one", "two", "three"])
        }
    }

    @Test func `strangers with one key are told apart by what they ask`() async throws {
        try await TestDatabase.run { test in
            let (first, other) = (
                CallContext.test(user: nil, key: "k", fingerprint: "a"), CallContext.test(user: nil, key: "k", fingerprint: "b")
            )
            try await test.database.write(for: first) { tx in try tx.write("one") }
            try await test.database.write(for: other) { tx in try tx.write("two") }
            let again = CallContext.test(user: nil, key: "k", fingerprint: "a")
            #expect(try await test.database.write(for: again) { tx in try tx.write("three") }.text == "one")
            #expect(again.replay.isReplay && !first.replay.isReplay && !other.replay.isReplay)
            #expect(try await test.database.read { try $0.notes() } == ["one", "two"])
        }
    }

    @Test func `one of many that come together changes something`() async throws {
        try await TestDatabase.run { test in
            let results = try await test.inOneBatch(count: 20) { database, number in
                try await database.write(for: .test(key: "k")) { tx in try tx.write("note \(number)") }
            }
            let notes = try results.map { try $0.get() }
            #expect(Set(notes) == [notes[0]])
            #expect(try await test.database.read { try $0.notes() } == ["note 0"])
        }
    }

    @Test func `an unrecorded write ignores the key`() async throws {
        try await TestDatabase.run { test in
            try await test.database.writeUnrecorded(by: .test(key: "k")) { tx in try tx.write("one") }
            try await test.database.writeUnrecorded(by: .test(key: "k")) { tx in try tx.write("two") }
            #expect(try await test.database.read { try $0.value("SELECT COUNT(*) FROM idempotency") } == 0)
        }
    }

    @Test func `answers are forgotten after two days`() async throws {
        try await TestDatabase.run { test in
            for number in 0..<600 {
                try await test.database.write(for: .test(key: "old \(number)")) { tx in number }
            }
            test.time.advance(bySeconds: 48 * 3_600)
            try await test.database.prune()
            #expect(try await test.database.read { try $0.value("SELECT COUNT(*) FROM idempotency") } == 600)
            test.time.advance(bySeconds: 1)
            try await test.database.write(for: .test(key: "new")) { _ in 1 }
            try await test.database.prune()
            #expect(try await test.database.read { try $0.value("SELECT COUNT(*) FROM idempotency") } == 1)
        }
    }
}
