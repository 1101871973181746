import Core
import Wire

/// A job that has failed as often as it may. It is kept for an operator to look at, and to revive or discard.
public struct DeadJob: RowDecodable, Codable, Hashable {
    public let id: ClaimedJob.ID
    public let kind: String
    public let key: String?
    public let attempts: Int
    /// The code of a refusal, or the type of another error.
    public let lastError: String
    public let createdAt: Instant
    public let diedAt: Instant

    enum CodingKeys: String, CodingKey {
        case id, kind, key, attempts
        case lastError = "last_error"
        case createdAt = "created_at"
        case diedAt = "died_at"
    }

    public init(row: Row) throws {
        id = try row["id"]
        kind = try row["kind"]
        key = try row["key"]
        attempts = try row["attempts"]
        lastError = try row["last_error"]
        createdAt = try row["created_at"]
        diedAt = try row["died_at"]
    }
}

extension Snapshot {
    /// The dead letters, the oldest first.
    ///
    /// - Throws: ``StorageError``.
    public func deadJobs(max: Int) throws -> [DeadJob] {
        try all(
            """
            SELECT id, kind, key, attempts, last_error, created_at, died_at FROM job WHERE died_at IS NOT NULL
            ORDER BY died_at, id LIMIT \(max)
            """
        )
    }
}

extension Transaction {
    /// Dead letters that one step of the pruning removes.
    static let deadJobsPruningChunk = 500

    /// Has a dead letter tried again, from its first attempt on.
    ///
    /// - Returns: whether there was one.
    /// - Throws: ``StorageError``.
    public func reviveJob(_ id: ClaimedJob.ID) throws -> Bool {
        let isRevived =
            try execute("UPDATE job SET died_at = NULL, attempts = 0, due_at = \(now) WHERE id = \(id) AND died_at IS NOT NULL") == 1
        if isRevived { noteJob(dueAt: now) }
        return isRevived
    }

    /// Removes a dead letter.
    ///
    /// - Returns: whether there was one.
    /// - Throws: ``StorageError``.
    public func discardJob(_ id: ClaimedJob.ID) throws -> Bool {
        try execute("DELETE FROM job WHERE id = \(id) AND died_at IS NOT NULL") == 1
    }

    func removeDeadJobs(olderThan seconds: Int64) throws -> Int {
        try execute(
            """
            DELETE FROM job WHERE id IN (
                SELECT id FROM job WHERE died_at < \(now.advanced(bySeconds: -seconds))
                ORDER BY died_at, id LIMIT \(Self.deadJobsPruningChunk)
            )
            """
        )
    }
}
