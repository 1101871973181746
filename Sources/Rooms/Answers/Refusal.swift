import Core
import Wire

/// A refusal as the meeting rooms spell it.
struct Refusal: Codable {
    enum Status: String, CaseIterable, Codable {
        case error
    }

    struct Message: Codable {
        /// One sentence for a person, with the field where one is wrong.
        let message: String
        /// The name of the HTTP status.
        let error: String
        /// The HTTP status.
        let statusCode: Int
        /// Stable for ever: clients switch on it.
        let code: String
        /// Every field that is wrong; absent where none is.
        let errors: [FieldFailure]?
        /// What stands in the way; absent where nothing does.
        let conflicts: [Conflict]?
    }

    /// One thing that stands in the way, and when; never whose it is.
    struct Conflict: Codable {
        let reason: String
        let startTime: Timestamp?
        let endTime: Timestamp?

        init(_ conflict: ConflictDetail) {
            reason = conflict.reason
            startTime = conflict.start.flatMap { Instant(rfc3339: $0) }.map { Timestamp($0) }
            endTime = conflict.end.flatMap { Instant(rfc3339: $0) }.map { Timestamp($0) }
        }
    }

    let status: Status
    let timestamp: Timestamp
    let message: Message

    init(_ problem: Problem, at instant: Instant) {
        status = .error
        timestamp = Timestamp(instant)
        message = Message(
            message: problem.detail, error: problem.title, statusCode: problem.status, code: problem.code,
            errors: problem.errors.isEmpty ? nil : problem.errors,
            conflicts: problem.conflicts.isEmpty ? nil : problem.conflicts.map(Conflict.init)
        )
    }
}
