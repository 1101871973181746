import Core
import Storage

/// Lists the jobs that have failed as often as they may, the oldest first.
struct ListDeadJobs: Endpoint {
    static let operation = Operation(
        "gym.dead-jobs.list", .get, "/api/v1/dead-jobs", access: .administrators, summary: "List the dead letters of the job queue"
    )
    /// As many as one answer shows; those behind them come when these are revived or discarded.
    static let jobsMax = 100

    struct Response: Codable, Sendable {
        let items: [DeadJob]
        /// All of them, shown or not.
        let count: Int
    }
}

/// Has a dead letter tried again, from its first attempt on.
struct ReviveDeadJob: Endpoint {
    static let operation = Operation(
        "gym.dead-jobs.revive", .post, "/api/v1/dead-jobs/{job_id}/revival", success: .noContent, access: .administrators,
        summary: "Have a dead letter tried again"
    )
    typealias Response = NoContent

    var id: ClaimedJob.ID

    func validate(_ check: inout Validation) { check("job_id", id) }

    enum CodingKeys: String, CodingKey { case id = "job_id" }
}

/// Removes a dead letter for good.
struct DiscardDeadJob: Endpoint {
    static let operation = Operation(
        "gym.dead-jobs.discard", .delete, "/api/v1/dead-jobs/{job_id}", success: .noContent, access: .administrators,
        summary: "Remove a dead letter"
    )
    typealias Response = NoContent

    var id: ClaimedJob.ID

    func validate(_ check: inout Validation) { check("job_id", id) }

    enum CodingKeys: String, CodingKey { case id = "job_id" }
}
