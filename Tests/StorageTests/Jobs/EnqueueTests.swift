import Storage
import Synchronization
import Testing
import Wire

@Suite struct EnqueueTests {
    @Test func `a job is done once its time has come, in the order of the times`() async throws {
        try await TestDatabase.run { test in
            let queue = test.queue()
            try await test.database.writeUnrecorded(by: .test()) { tx in
                try tx.enqueue(WriteNote(text: "later"), at: tx.now.advanced(bySeconds: 10))
                try tx.enqueue(WriteNote(text: "sooner"), at: tx.now.advanced(bySeconds: 5))
            }
            #expect(try await queue.runOne() == nil)
            let next = try #require(try await queue.nextDue())
            #expect(next.dueAt.seconds(since: next.now) == 5)
            test.time.advance(bySeconds: 10)
            while try await queue.runOne() != nil {}
            #expect(try await test.notes == ["sooner", "later"])
            #expect(try await queue.nextDue() == nil)
        }
    }

    @Test func `what is rolled back enqueues nothing and cancels nothing`() async throws {
        try await TestDatabase.run { test in
            try await test.database.writeUnrecorded(by: .test()) { tx in try tx.enqueue(WriteNote(text: "kept"), key: "note:1") }
            await #expect(throws: Mishap.self) {
                try await test.database.writeUnrecorded(by: .test()) { tx in
                    try tx.enqueue(WriteNote(text: "never"))
                    try tx.cancelJob("note:1")
                    throw Mishap()
                }
            }
            let queue = test.queue()
            while try await queue.runOne() != nil {}
            #expect(try await test.notes == ["kept"])
        }
    }

    @Test func `a job is cancelled in the commit that takes away what it hangs on`() async throws {
        try await TestDatabase.run { test in
            let cancelled = try await test.database.writeUnrecorded(by: .test()) { tx in
                try tx.write("booking")
                try tx.enqueue(WriteNote(text: "reminder"), key: "booking:1")
                return try tx.cancelJob("booking:2")
            }
            #expect(!cancelled)
            let isCancelled = try await test.database.writeUnrecorded(by: .test()) { tx in
                try tx.execute("DELETE FROM note WHERE text = 'booking'")
                return try tx.cancelJob("booking:1")
            }
            #expect(isCancelled)
            #expect(try await test.queue().runOne() == nil)
            #expect(try await test.notes == [])
        }
    }

    @Test func `under one key there is one job, the last one`() async throws {
        try await TestDatabase.run { test in
            for (text, seconds) in [("first", Int64(0)), ("second", 60), ("third", 30)] {
                try await test.database.writeUnrecorded(by: .test()) { tx in
                    try tx.enqueue(WriteNote(text: text), at: tx.now.advanced(bySeconds: seconds), key: "note:1")
                }
            }
            let queue = test.queue()
            #expect(try await queue.runOne() == nil)
            test.time.advance(bySeconds: 30)
            #expect(try await queue.runOne() == .done)
            test.time.advance(bySeconds: 30)
            #expect(try await queue.runOne() == nil)
            #expect(try await test.notes == ["third"])
        }
    }

    @Test func `a payload that is too large is refused with the transaction`() async throws {
        try await TestDatabase.run { test in
            await #expect(throws: JobError.payloadTooLarge) {
                try await test.enqueue(String(repeating: "x", count: Transaction.jobPayloadBytesMax))
            }
        }
    }

    @Test func `the worker of this process is woken by the commit, and only when it would come too late`() async throws {
        try await TestDatabase.run { test in
            let queue = test.queue()
            let rings = Atomic(0)
            queue.onEnqueue { rings.add(1, ordering: .relaxed) }
            try await test.enqueue("now")
            #expect(rings.load(ordering: .relaxed) == 1)

            queue.listen(before: test.time.now.advanced(bySeconds: 60))
            for (seconds, ringsAfter) in [(Int64(60), 1), (59, 2)] {
                try await test.database.writeUnrecorded(by: .test()) { tx in
                    try tx.enqueue(WriteNote(text: "later"), at: tx.now.advanced(bySeconds: seconds))
                }
                #expect(rings.load(ordering: .relaxed) == ringsAfter)
            }
            await #expect(throws: Mishap.self) {
                try await test.database.writeUnrecorded(by: .test()) { tx in
                    try tx.enqueue(WriteNote(text: "never"))
                    throw Mishap()
                }
            }
            #expect(rings.load(ordering: .relaxed) == 2)
        }
    }
}
