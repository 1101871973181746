import Core
import Wire

extension Transaction {
    func claimJobs(of kinds: [String], by owner: String, leaseSeconds: Int64, max: Int) throws -> [ClaimedJob] {
        // Where others write at the same time, what they are claiming or ending at this moment is passed over and not waited for.
        let passingOver: SQL = hasRowLocks ? "FOR UPDATE SKIP LOCKED" : ""
        return try all(
            """
            UPDATE job SET claimed_by = \(owner), due_at = \(now.advanced(bySeconds: leaseSeconds)), attempts = attempts + 1,
                claims = claims + 1
            WHERE id IN (
                SELECT id FROM job WHERE died_at IS NULL AND due_at <= \(now) AND kind IN \(list: kinds)
                ORDER BY due_at, id LIMIT \(max) \(passingOver)
            )
            RETURNING id, kind, payload, attempts, claims
            """
        )
    }

    /// - Parameter again: a recurring job is due after so many seconds; any other is gone.
    /// - Throws: ``JobError/claimLost``.
    func endJob(_ claim: ClaimedJob.Claim, again intervalSeconds: Int64?) throws {
        let ended =
            if let intervalSeconds {
                try execute(
                    """
                    UPDATE job SET due_at = \(now.advanced(bySeconds: intervalSeconds)), attempts = 0, claimed_by = NULL, last_error = NULL
                    WHERE \(held(claim))
                    """
                )
            } else {
                try execute("DELETE FROM job WHERE \(held(claim))")
            }
        guard ended == 1 else { throw JobError.claimLost }
    }

    /// - Returns: false where the claim was lost.
    func restJob(_ claim: ClaimedJob.Claim, until dueAt: Instant, because error: any Error) throws -> Bool {
        try execute(
            "UPDATE job SET claimed_by = NULL, due_at = \(dueAt), last_error = \(JobFailure.summary(of: error)) WHERE \(held(claim))"
        ) == 1
    }

    /// - Returns: false where the claim was lost.
    @discardableResult
    func buryJob(_ claim: ClaimedJob.Claim, because error: any Error) throws -> Bool {
        try execute(
            "UPDATE job SET claimed_by = NULL, died_at = \(now), last_error = \(JobFailure.summary(of: error)) WHERE \(held(claim))"
        ) == 1
    }

    /// The fence: a claim that was given out since has another number, and who put the job back has no owner.
    private func held(_ claim: ClaimedJob.Claim) -> SQL {
        "id = \(claim.id) AND claims = \(claim.fence) AND claimed_by IS NOT NULL"
    }
}

/// What is kept of an error: enough to know where to look, and nothing of what was worked on.
enum JobFailure {
    static func summary(of error: any Error) -> String {
        switch error {
        case let error as any DomainError: error.code
        case let error as StorageError: "\(error)"
        case let error as JobError: "\(error)"
        default: String(describing: type(of: error))
        }
    }
}
