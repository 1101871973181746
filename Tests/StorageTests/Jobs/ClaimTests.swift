import Core
import Storage
import Synchronization
import Testing
import Wire

@Suite struct ClaimTests {
    @Test func `a job that is claimed is nobody else's until the lease ends, and then it is`() async throws {
        try await TestDatabase.run { test in
            try await test.enqueue("once")
            let (dead, alive) = (test.queue(), test.queue())
            let abandoned = try #require(try await dead.claimOne())
            test.time.advance(bySeconds: TestDatabase.leaseSeconds - 1)
            #expect(try await alive.claimOne() == nil)
            test.time.advance(bySeconds: 1)
            let taken = try #require(try await alive.claimOne())
            #expect(taken.attempts == 2)
            #expect(try await alive.run(taken) == .done)

            // The one that was thought dead comes back.
            #expect(try await dead.run(abandoned) == .lost)
            #expect(try await test.notes == ["once"])
        }
    }

    @Test func `the one who comes too late writes nothing while the next one still works`() async throws {
        try await TestDatabase.run { test in
            try await test.enqueue("once")
            let (slow, quick) = (test.queue(), test.queue())
            let first = try #require(try await slow.claimOne())
            test.time.advance(bySeconds: TestDatabase.leaseSeconds)
            let second = try #require(try await quick.claimOne())
            #expect(try await slow.run(first) == .lost)
            #expect(try await test.notes == [])
            #expect(try await quick.run(second) == .done)
            #expect(try await test.notes == ["once"])
        }
    }

    @Test func `a claim whose lease has ended counts as long as nobody else has taken the job`() async throws {
        try await TestDatabase.run { test in
            try await test.enqueue("once")
            let queue = test.queue()
            let job = try #require(try await queue.claimOne())
            test.time.advance(bySeconds: 10 * TestDatabase.leaseSeconds)
            #expect(try await queue.run(job) == .done)
        }
    }

    @Test func `a claim that is extended holds, and one that was lost is told so`() async throws {
        try await TestDatabase.run { test in
            try await test.enqueue("long", "lost")
            let (busy, other) = (test.queue(), test.queue())
            let taken = try await busy.claim(max: 2)
            let claims = taken.claimed.map(\.claim)
            test.time.advance(bySeconds: TestDatabase.leaseSeconds - 1)
            #expect(try await busy.extend(Array(claims.prefix(1))) == [claims[0]])
            test.time.advance(bySeconds: 1)
            #expect(try await other.claimOne()?.claim.id == claims[1].id)
            #expect(try await other.claimOne() == nil)
            #expect(try await busy.extend(claims) == [claims[0]])
            #expect(try await other.extend(claims) == [], "another's claims are not its own")
        }
    }

    @Test func `a job that is replaced or cancelled while it runs writes nothing`() async throws {
        try await TestDatabase.run { test in
            let queue = test.queue()
            try await test.database.writeUnrecorded(by: .test()) { tx in
                try tx.enqueue(WriteNote(text: "replaced"), key: "note:1")
                try tx.enqueue(WriteNote(text: "cancelled"), key: "note:2")
            }
            let taken = try await queue.claim(max: 2)
            try await test.database.writeUnrecorded(by: .test()) { tx in
                try tx.enqueue(WriteNote(text: "replacement"), key: "note:1")
                try tx.cancelJob("note:2")
            }
            for job in taken.claimed { #expect(try await queue.run(job) == .lost) }
            #expect(try await queue.runOne() == .done)
            #expect(try await test.notes == ["replacement"])
        }
    }

    @Test func `kinds that a node does not know are left to those that do`() async throws {
        try await TestDatabase.run { test in
            try await test.database.writeUnrecorded(by: .test()) { tx in try tx.enqueue(FromTheFuture()) }
            try await test.enqueue("known")
            let queue = test.queue()
            #expect(try await queue.runOne() == .done)
            #expect(try await queue.runOne() == nil)
            #expect(try await queue.nextDue() == nil)
            #expect(try await queue.counts().waiting == 1)

            var handlers = JobHandlers()
            handlers.register(FromTheFuture.self) { _ in { tx in try tx.write("newer") } }
            #expect(try await test.queue(handlers).runOne() == .done)
            #expect(try await test.notes == ["known", "newer"])
        }
    }

    @Test func `a job that is given back is due at once, and the attempt does not count`() async throws {
        try await TestDatabase.run { test in
            try await test.enqueue("patient")
            let queue = test.queue()
            for _ in 1...10 { try await queue.giveBack(try #require(try await queue.claimOne())) }
            let job = try #require(try await queue.claimOne())
            #expect(job.attempts == 1)
            #expect(try await queue.run(job) == .done)
        }
    }

    @Test(.enabled(if: TestStore.isSQLite, "a database that is shared has others who may still be at it"))
    func `a server that starts on a file takes over at once what the last one was doing`() async throws {
        try await TestDatabase.run { test in
            try await test.enqueue("interrupted")
            _ = try await test.queue().claimOne()
            let next = test.queue()
            #expect(try await next.claimOne() == nil)
            try await next.begin()
            #expect(try await next.runOne() == .done)
        }
    }

    @Test func `a thousand jobs are done exactly once by four workers`() async throws {
        try await TestDatabase.run { test in
            try await test.database.writeUnrecorded(by: .test()) { tx in
                for number in 0..<1_000 { try tx.enqueue(WriteNote(text: "\(number)")) }
            }
            let done = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 1...4 {
                    group.addTask {
                        let queue = test.queue()
                        var done = 0
                        while true {
                            let taken = try await queue.claim(max: 7)
                            guard !taken.claimed.isEmpty else { return done }
                            for job in taken.claimed where try await queue.run(job) == .done { done += 1 }
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(done.reduce(0, +) == 1_000)
            #expect(done.allSatisfy { $0 > 0 })
            // The text is unique: a second time would have failed.
            #expect(Set(try await test.notes) == Set((0..<1_000).map(String.init)))
            #expect(try await test.queue().counts() == JobCounts(waiting: 0, claimed: 0, dead: 0))
        }
    }
}
