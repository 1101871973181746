/// What stands in the queue, on all nodes together.
public struct JobCounts: Hashable, Sendable {
    /// Their time has not come, they rest after a failure, or nobody has had time.
    public let waiting: Int
    /// Claimed; those of a dead node too, until their lease ends.
    public let claimed: Int
    /// Dead letters.
    public let dead: Int

    public init(waiting: Int, claimed: Int, dead: Int) {
        self.waiting = waiting
        self.claimed = claimed
        self.dead = dead
    }
}

extension Snapshot {
    /// How many jobs there are, of all kinds.
    ///
    /// - Throws: ``StorageError``.
    public func jobCounts() throws -> JobCounts {
        let row = try one(
            """
            SELECT COUNT(*) AS total, COUNT(claimed_by) AS claimed, COUNT(died_at) AS dead FROM job
            """
        )
        let (total, claimed, dead): (Int, Int, Int) = (try row["total"], try row["claimed"], try row["dead"])
        return JobCounts(waiting: total - claimed - dead, claimed: claimed, dead: dead)
    }
}
