import Core

/// The database can't be read or written now: the disk is full or broken, or the server is about to end. Nothing is wrong with the request.
public struct DatabaseUnavailable: DomainError, Hashable {
    /// For the log: what the system said.
    public let reason: String

    public init(reason: String) {
        self.reason = reason
    }

    public var code: String { "request.database_unavailable" }
    public var kind: ErrorKind { .unavailable }
    public var detail: String { "The server can't reach its data at the moment; try again soon." }
    public var retryAfterMilliseconds: Int? { 5_000 }
    public var operatorDetail: String? { reason }
}

/// Runs a call of the engine. The faults of a statement stay what they are, faults of the program; that there is no database is something
/// that a caller may be told.
func tellingUnavailability<Answer: Sendable>(
    isolation: isolated (any Actor)? = #isolation, _ call: () async throws -> Answer
) async throws -> Answer {
    do {
        return try await call()
    } catch StorageError.unavailable(let reason) {
        throw DatabaseUnavailable(reason: reason)
    }
}
