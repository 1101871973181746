import Client
import Core
import Gym
import ServerTesting
import Storage
import Testing

@Suite(.timeLimit(.minutes(2))) struct DeadJobTests {
    private struct List: Decodable {
        struct Item: Decodable {
            let id: Int64
            let kind: String
            let last_error: String
        }

        let items: [Item]
        let count: Int
    }

    @Test func `an administrator sees dead letters, has one tried again and removes another`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        try await TestServer.run(in: directory) { _ in }
        try await bury(["booking:1", "booking:2"], in: directory)
        try await TestServer.run(in: directory) { server in
            let admin = server.admin.rest
            let dead: List = try await admin.get("/api/v1/dead-jobs").success().decode()
            #expect(dead.count == 2 && dead.items.map(\.last_error) == ["overran", "overran"])
            let (first, second) = (dead.items[0].id, dead.items[1].id)

            try await admin.post("/api/v1/dead-jobs/\(first)/revival").success()
            try await admin.delete("/api/v1/dead-jobs/\(second)").success()
            for id in [first, second] {
                #expect(try await admin.delete("/api/v1/dead-jobs/\(id)").problem?.code == "job.not_found")
                #expect(try await admin.post("/api/v1/dead-jobs/\(id)/revival").status == 404)
            }
            #expect(try await admin.get("/api/v1/dead-jobs").success().decode(List.self).count == 0)
        }
    }

    private func bury(_ keys: [String], in directory: TestDirectory) async throws {
        var handlers = JobHandlers()
        handlers.register(Doomed.self) { _ in throw JobError.overran }
        try await directory.withDatabase(ManualTime()) { database in
            try await database.writeUnrecorded(by: .test) { tx in
                for key in keys { try tx.enqueue(Doomed(), key: key) }
            }
            let queue = JobQueue(database: database, handlers: handlers, leaseSeconds: 30)
            for job in try await queue.claim(max: keys.count).claimed {
                #expect(try await queue.settle(job, .failure(JobError.overran)) == .dead)
            }
        }
    }

    private struct Doomed: JobKind {
        static let kind = "test.doomed"
        static let attemptsMax = 1
    }
}
