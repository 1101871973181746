import Core
import Wire

/// A job that somebody has taken and runs now.
public struct ClaimedJob: RowDecodable {
    public typealias ID = Identifier<ClaimedJob>

    /// One taking of one job: whoever comes back with an older one is refused.
    public struct Claim: Hashable, Sendable {
        public let id: ID
        let fence: Int64
    }

    public let claim: Claim
    public let kind: String
    /// This one included.
    public let attempts: Int
    let payload: RawJSON

    public init(row: Row) throws {
        claim = try Claim(row: row)
        kind = try row["kind"]
        attempts = try row["attempts"]
        payload = try row["payload"]
    }
}

extension ClaimedJob.Claim: RowDecodable {
    public init(row: Row) throws {
        id = try row["id"]
        fence = try row["claims"]
    }
}

/// What became of a job that was run.
public enum JobOutcome: Hashable, Sendable {
    /// It is done, and what it wrote is committed.
    case done
    /// It failed and is tried again at that time.
    case failed(retryAt: Instant)
    /// It failed for the last time and is a dead letter.
    case dead
    /// It is somebody else's by now, or nobody's: nothing of it was written.
    case lost
}
