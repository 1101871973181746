import Core
import Testing
import Wire

@testable import Storage

@Suite struct JobFailureTests {
    @Test func `each pause is twice the last one, up to a bound, and up to half of it is chance`() {
        let backoff = JobBackoff(firstSeconds: 5, secondsMax: 60)
        let seconds: [Int64] = [5, 10, 20, 40, 60, 60]
        for (index, seconds) in seconds.enumerated() {
            #expect(backoff.pause(afterAttempts: index + 1, random: 0) == seconds * 500_000)
            #expect(backoff.pause(afterAttempts: index + 1, random: .max) == seconds * 1_000_000)
        }
        #expect(backoff.pause(afterAttempts: .max, random: .max) == 60_000_000)
        #expect(backoff.pause(afterAttempts: 1, random: .max / 2) < 5_000_000)
    }

    @Test func `a job that fails rests, longer each time, and is a dead letter in the end`() async throws {
        try await TestDatabase.run { test in
            try await test.enqueue("doomed")
            let queue = test.queue(.writingNotes(failing: "doomed"))
            for seconds in [Int64(5), 10, 20] {
                let before = test.time.now
                guard case .failed(let retryAt) = try #require(try await queue.runOne()) else {
                    Issue.record("not failed")
                    return
                }
                let pause = retryAt.microseconds - before.microseconds
                #expect((seconds * 500_000...seconds * 1_000_000).contains(pause))
                #expect(try await queue.runOne() == nil)
                test.time.advance(bySeconds: seconds)
            }
            #expect(try await queue.runOne() == .dead)
            test.time.advance(bySeconds: 86_400)
            #expect(try await queue.runOne() == nil)
            #expect(try await queue.counts() == JobCounts(waiting: 0, claimed: 0, dead: 1))
            let dead = try await test.database.read { try $0.deadJobs(max: 10) }
            #expect(dead.map(\.lastError) == ["Mishap"])
            #expect(dead.map(\.attempts) == [WriteNote.attemptsMax])
        }
    }

    @Test func `a dead letter can be revived or discarded, once`() async throws {
        try await TestDatabase.run { test in
            try await test.enqueue("doomed")
            let queue = test.queue(.writingNotes(failing: "doomed"))
            func die() async throws -> ClaimedJob.ID {
                while try await queue.runOne() != .dead { test.time.advance(bySeconds: 3_600) }
                return try #require(try await test.database.read { try $0.deadJobs(max: 1) }.first?.id)
            }
            let id = try await die()
            let revived = try await test.database.writeUnrecorded(by: .test()) { tx in try [tx.reviveJob(id), tx.reviveJob(id)] }
            #expect(revived == [true, false])
            #expect(try await die() == id)
            let discarded = try await test.database.writeUnrecorded(by: .test()) { tx in try [tx.discardJob(id), tx.discardJob(id)] }
            #expect(discarded == [true, false])
            #expect(try await queue.counts() == JobCounts(waiting: 0, claimed: 0, dead: 0))
        }
    }

    @Test func `dead letters are pruned past their age and not before`() async throws {
        try await TestDatabase.run { test in
            try await test.enqueue("doomed")
            let queue = test.queue(.writingNotes(failing: "doomed"))
            while try await queue.runOne() != .dead { test.time.advance(bySeconds: 3_600) }
            test.time.advance(bySeconds: 90 * 86_400)
            try await test.database.prune()
            #expect(try await queue.counts().dead == 1)
            test.time.advance(bySeconds: 1)
            try await test.database.prune()
            #expect(try await queue.counts().dead == 0)
        }
    }

    @Test func `what a failed ending has written is rolled back with it`() async throws {
        try await TestDatabase.run { test in
            var handlers = JobHandlers()
            handlers.register(WriteNote.self) { job in
                { tx in
                    try tx.write(job.text)
                    throw AccessError.forbidden
                }
            }
            try await test.enqueue("half")
            guard case .failed = try await test.queue(handlers).runOne() else {
                Issue.record("not failed")
                return
            }
            #expect(try await test.notes == [])
            #expect(test.committed.events.isEmpty)
            test.time.advance(bySeconds: 5)
            #expect(try await test.queue().runOne() == .done)
            #expect(try await test.notes == ["half"])
        }
    }

    @Test func `a job whose nodes die with it again and again is buried`() async throws {
        try await TestDatabase.run { test in
            try await test.enqueue("poison")
            for _ in 1...WriteNote.attemptsMax {
                #expect(try await test.queue().claimOne() != nil)
                test.time.advance(bySeconds: TestDatabase.leaseSeconds)
            }
            let taken = try await test.queue().claim(max: 1)
            #expect(taken.claimed.isEmpty && taken.buried.count == 1)
            #expect(try await test.database.read { try $0.deadJobs(max: 10) }.map(\.lastError) == ["abandoned"])
        }
    }

    @Test func `a recurring job comes round, whatever becomes of it, and exists once`() async throws {
        try await TestDatabase.run { test in
            func queue(failing: Bool) -> JobQueue {
                var handlers = JobHandlers()
                handlers.register(Sweep.self) { _ in
                    if failing { throw Mishap() }
                    return { tx in try tx.emit(NoteWritten(text: "swept"), to: NoteBoard(1)) }
                }
                return test.queue(handlers)
            }
            let queues = [queue(failing: false), queue(failing: false)]
            for queue in queues { try await queue.begin() }
            #expect(try await queues[0].counts().waiting == 1)
            for _ in 1...3 {
                #expect(try await queues[0].runOne() == nil)
                test.time.advance(bySeconds: Sweep.intervalSeconds)
                #expect(try await queues[1].runOne() == .done)
            }
            #expect(test.committed.events.count == 3)

            let failing = queue(failing: true)
            for _ in 1...50 {
                test.time.advance(bySeconds: 3_600)
                guard case .failed = try await failing.runOne() else {
                    Issue.record("not failed")
                    return
                }
            }
            test.time.advance(bySeconds: 3_600)
            #expect(try await queues[0].runOne() == .done)
        }
    }
}
