import Core
import Storage

/// What an administrator does about jobs that nobody tries any more.
struct DeadJobService: Sendable {
    let database: Database

    func list(_: ListDeadJobs, in context: CallContext) async throws -> ListDeadJobs.Response {
        try context.caller.administrator()
        return try await database.read { snapshot in
            .init(items: try snapshot.deadJobs(max: ListDeadJobs.jobsMax), count: try snapshot.jobCounts().dead)
        }
    }

    /// - Throws: ``DeadJobError/notFound``.
    func revive(_ request: ReviveDeadJob, in context: CallContext) async throws -> NoContent {
        try context.caller.administrator()
        return try await database.write(for: context) { tx in
            guard try tx.reviveJob(request.id) else { throw DeadJobError.notFound }
            try tx.audit("job.revived", "job:\(request.id)")
            return NoContent()
        }
    }

    /// - Throws: ``DeadJobError/notFound``.
    func discard(_ request: DiscardDeadJob, in context: CallContext) async throws -> NoContent {
        try context.caller.administrator()
        return try await database.write(for: context) { tx in
            guard try tx.discardJob(request.id) else { throw DeadJobError.notFound }
            try tx.audit("job.discarded", "job:\(request.id)")
            return NoContent()
        }
    }
}

enum DeadJobError: String, DomainError {
    case notFound = "job.not_found"

    var kind: ErrorKind { .notFound }
    var detail: String { "There is no such dead letter." }
}
