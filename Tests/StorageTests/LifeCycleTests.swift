import Core
import Storage
import Testing
import Wire

@Suite struct LifeCycleTests {
    @Test func `a full queue refuses at once`() async throws {
        var configuration = DatabaseConfiguration.patient
        configuration.writesWaitingMax = 3
        try await TestDatabase.run(configuration) { test in
            let gate = Gate()
            async let held: Void = test.database.writeUnrecorded(by: .test()) { _ in gate.pass() }
            await gate.waitUntilOccupied()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<3 {
                    group.addTask {
                        _ = try await test.database.writeUnrecorded(by: .test()) { tx in try tx.write("\(number)") }
                    }
                }
                await test.waitForQueue(of: 3)
                await #expect(throws: RequestError.overloaded) {
                    try await test.database.writeUnrecorded(by: .test()) { tx in try tx.write("too many") }
                }
                gate.open()
                try await group.waitForAll()
            }
            try await held
            #expect(try await test.database.read { try $0.notes() }.count == 3)
        }
    }

    @Test func `a write whose caller has gone before it began is dropped`() async throws {
        try await TestDatabase.run { test in
            let gate = Gate()
            async let held: Void = test.database.writeUnrecorded(by: .test()) { _ in gate.pass() }
            await gate.waitUntilOccupied()
            let task = Task { try await test.database.writeUnrecorded(by: .test()) { tx in try tx.write("unwanted") } }
            await test.waitForQueue(of: 1)
            task.cancel()
            gate.open()
            await #expect(throws: CancellationError.self) { try await task.value }
            try await held
            #expect(try await test.database.read { try $0.notes() } == [])
        }
    }

    @Test func `a write that has begun is committed, whoever waits for it`() async throws {
        try await TestDatabase.run { test in
            let gate = Gate()
            let task = Task {
                try await test.database.writeUnrecorded(by: .test()) { tx in
                    gate.pass()
                    return try tx.write("kept").text
                }
            }
            await gate.waitUntilOccupied()
            task.cancel()
            gate.open()
            let text = try await task.value
            #expect(text == "kept")
            #expect(try await test.database.read { try $0.notes() } == ["kept"])
        }
    }

    @Test func `close commits what waits and refuses what comes later`() async throws {
        try await TestStore.with { store in
            let first = try TestDatabase(in: store)
            let gate = Gate()
            async let held: Void = first.database.writeUnrecorded(by: .test()) { _ in gate.pass() }
            await gate.waitUntilOccupied()
            async let queued = first.database.writeUnrecorded(by: .test()) { tx in try tx.write("queued") }
            await first.waitForQueue(of: 1)
            async let closed: Void = first.database.close()
            gate.open()
            await closed
            try await held
            #expect(try await queued.text == "queued")
            let refusal = DatabaseUnavailable(reason: "the database is closed")
            #expect(refusal.kind == .unavailable && refusal.retryAfterMilliseconds != nil)
            await #expect(throws: refusal) { try await first.database.read { try $0.notes() } }
            await #expect(throws: refusal) { try await first.database.write(for: .test(key: "k")) { tx in try tx.write("late") } }
            await #expect(throws: refusal) {
                try await first.database.writeUnrecorded(by: .test()) { tx in try tx.write("late") }
            }
            await first.database.close()

            let second = try TestDatabase(in: store)
            #expect(try await second.database.read { try $0.notes() } == ["queued"])
            await second.database.close()
        }
    }

    @Test func `settings are kept`() async throws {
        try await TestDatabase.run { test in
            #expect(try await test.database.read { try $0.setting("colour") } == nil)
            for colour in ["red", "blue"] {
                try await test.database.writeUnrecorded(by: .test()) { tx in try tx.storeSetting("colour", colour) }
                #expect(try await test.database.read { try $0.setting("colour") } == colour)
            }
        }
    }
}
