import Core
import ServerTesting
import Storage
import Testing

@testable import Server

@Suite(.timeLimit(.minutes(2))) struct JobWorkerTests {
    @Test func `what a commit enqueues is run at once, as many at a time as there may be`() async throws {
        try await JobStage.run {
            // No beat comes to help.
            $0.lookSeconds = 600
            $0.runningMax = 2
        } _: { stage in
            try await stage.enqueue("a", "b", "c", "d")
            await stage.errands.milestones.reached(2)
            #expect(stage.errands.begun.sorted() == ["a", "b"])
            stage.errands.letGo("a")
            await stage.errands.milestones.reached(3)
            stage.errands.letGo("b")
            await stage.errands.milestones.reached(4)
            for name in ["a", "b"] { #expect(try await stage.isDone(name)) }
            stage.errands.letGo("c", "d")
        }
    }

    @Test func `a worker that is told to stop ends what it has begun and begins nothing`() async throws {
        try await JobStage.run {
            $0.runningMax = 1
        } _: { stage in
            try await stage.enqueue(LastErrand(name: "begun"), key: "begun")
            await stage.errands.milestones.reached(1)
            try await stage.enqueue("waiting")
            await stage.stop()
            #expect(try await stage.isDone("begun"))
            #expect(stage.errands.begun.isEmpty)
            #expect(try await stage.database.read { try $0.jobCounts() } == JobCounts(waiting: 1, claimed: 0, dead: 0))
        }
    }

    @Test func `a job that does not end in time when the server stops is given back`() async throws {
        try await JobStage.run {
            $0.drainSeconds = 0
        } _: { stage in
            try await stage.enqueue("endless")
            await stage.errands.milestones.reached(1)
            await stage.stop()
            #expect(try await !stage.isDone("endless"))
            #expect(try await stage.database.read { try $0.jobCounts() } == JobCounts(waiting: 1, claimed: 0, dead: 0))
            let attempts: Int? = try await stage.database.read { try $0.value("SELECT attempts FROM job") }
            #expect(attempts == 0)
        }
    }

    @Test func `a job that takes too long is broken off and has failed`() async throws {
        try await JobStage.run { stage in
            try await stage.enqueue(QuickErrand(name: "endless"), key: "endless")
            await stage.errands.departures.reached(1)
            await stage.stop()
            let error: String? = try await stage.database.read { try $0.value("SELECT last_error FROM job") }
            #expect(error == "overran")
        }
    }

    @Test func `the work on a job that was cancelled is broken off`() async throws {
        try await JobStage.run { stage in
            try await stage.enqueue("unwanted")
            await stage.errands.milestones.reached(1)
            try await stage.database.writeUnrecorded(by: .test) { tx in
                try tx.cancelJob("unwanted")
            }
            await stage.errands.departures.reached(1)
            await stage.stop()
            #expect(try await stage.database.read { try $0.jobCounts() } == JobCounts(waiting: 0, claimed: 0, dead: 0))
        }
    }
}
