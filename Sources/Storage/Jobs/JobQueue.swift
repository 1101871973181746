import Core
import Wire

/// One node's hands on the jobs in the database: it claims what is due, keeps its claims alive, and settles what has been run. Who runs them,
/// and when it looks, is the worker's affair.
///
/// Any number of queues may work on one database. All times are the database's clock.
public struct JobQueue: Sendable {
    private let database: Database
    private let handlers: JobHandlers
    private let leaseSeconds: Int64
    /// Names this queue and nobody else, ever: a node that comes back is another.
    private let owner: String
    private let backoff = JobBackoff()

    /// - Parameters:
    ///   - leaseSeconds: how long a claim holds unless it is extended; so long a job waits whose node has died.
    public init(database: Database, handlers: JobHandlers, leaseSeconds: Int64) {
        self.database = database
        self.handlers = handlers
        self.leaseSeconds = leaseSeconds
        owner = String(UInt64.random(in: .min ... .max), radix: 16)
    }

    private var kinds: [String] { handlers.byKind.keys.sorted() }

    /// Called once, before the first claim: arranges for the recurring jobs.
    ///
    /// Where nobody else can write, no other process can be running what stands as claimed: whoever had it is dead, and the job is due.
    ///
    /// - Throws: ``StorageError``, ``DatabaseUnavailable``.
    public func begin() async throws {
        try await write { tx in
            if !tx.hasRowLocks {
                try tx.execute("UPDATE job SET claimed_by = NULL, due_at = \(tx.now) WHERE claimed_by IS NOT NULL AND died_at IS NULL")
            }
            for kind in kinds { try handlers.byKind[kind]?.recurrence?.arrange(tx) }
        }
    }

    /// Calls `wake` after each commit of this process that enqueued a job, see ``listen(before:)``.
    public func onEnqueue(_ wake: @escaping @Sendable () -> Void) {
        database.jobAlarm.connect(wake)
    }

    /// From now on only jobs that are due before that instant wake; all of them where it is nil.
    public func listen(before: Instant?) {
        database.jobAlarm.narrow(to: before)
    }

    /// When the next job is due that this node can do, a claimed one by the end of its lease, and what the clock says; nil without any.
    ///
    /// - Throws: ``StorageError``, ``DatabaseUnavailable``.
    public func nextDue() async throws -> (dueAt: Instant, now: Instant)? {
        try await database.read { snapshot in
            let dueAt: Instant? = try snapshot.value(
                "SELECT due_at FROM job WHERE died_at IS NULL AND kind IN \(list: kinds) ORDER BY due_at, id LIMIT 1"
            )
            return dueAt.map { ($0, snapshot.now) }
        }
    }

    /// Takes jobs that are due, the oldest first. Those whose nodes have died with them too often are buried instead.
    ///
    /// - Throws: ``StorageError``, ``DatabaseUnavailable``, `RequestError.overloaded`.
    public func claim(max: Int) async throws -> (claimed: [ClaimedJob], buried: [ClaimedJob]) {
        try await write { tx in
            let jobs = try tx.claimJobs(of: kinds, by: owner, leaseSeconds: leaseSeconds, max: max)
            let buried = jobs.filter { job in handlers.byKind[job.kind]?.attemptsMax.map { job.attempts > $0 } ?? false }
            for job in buried { try tx.buryJob(job.claim, because: JobError.abandoned) }
            let buriedClaims = Set(buried.map(\.claim))
            return (jobs.filter { !buriedClaims.contains($0.claim) }, buried)
        }
    }

    /// Holds on to claims for another lease.
    ///
    /// - Returns: those that still stand.
    /// - Throws: as ``claim(max:)``.
    public func extend(_ claims: [ClaimedJob.Claim]) async throws -> Set<ClaimedJob.Claim> {
        try await write { tx in
            let standing: [ClaimedJob.Claim] = try tx.all(
                """
                UPDATE job SET due_at = \(tx.now.advanced(bySeconds: leaseSeconds))
                WHERE claimed_by = \(owner) AND id IN \(list: claims.map(\.id)) RETURNING id, claims
                """
            )
            return Set(standing).intersection(claims)
        }
    }

    /// How long one attempt at a job may take.
    public func runSecondsMax(of job: ClaimedJob) -> Int64 {
        handlers.byKind[job.kind]?.runSecondsMax ?? 0
    }

    /// Does the work of a job, which is not done before it is settled.
    ///
    /// - Throws: what its handler throws; `DecodingError`, ``JobError/unknownKind(_:)``.
    public func work(on job: ClaimedJob) async throws -> JobEnding {
        guard let handler = handlers.byKind[job.kind] else { throw JobError.unknownKind(job.kind) }
        return try await handler.work(job.payload)
    }

    /// Ends an attempt: what the job writes and that it is done are one commit; a failure rests until its next attempt, or is a dead letter.
    ///
    /// - Throws: ``DatabaseUnavailable``, `RequestError.overloaded`: then the claim ends with its lease and somebody else tries.
    public func settle(_ job: ClaimedJob, _ result: Result<JobEnding, any Error>) async throws -> JobOutcome {
        do {
            let ending = try result.get()
            try await write { tx in
                // First of all, so that whoever was overtaken changes nothing, not even in a transaction that falls.
                try tx.endJob(job.claim, again: handlers.byKind[job.kind]?.recurrence?.intervalSeconds)
                try ending(tx)
            }
            return .done
        } catch JobError.claimLost {
            return .lost
        } catch {
            return try await fail(job, error)
        }
    }

    /// Gives a job back that was interrupted by no fault of its own: the attempt does not count.
    ///
    /// - Throws: as ``settle(_:_:)``.
    public func giveBack(_ job: ClaimedJob) async throws {
        try await write { tx in
            try tx.execute(
                """
                UPDATE job SET claimed_by = NULL, due_at = \(tx.now), attempts = attempts - 1
                WHERE id = \(job.claim.id) AND claims = \(job.claim.fence) AND claimed_by = \(owner)
                """
            )
            tx.noteJob(dueAt: tx.now)
        }
    }

    /// What stands in the queue, of all kinds.
    ///
    /// - Throws: ``StorageError``, ``DatabaseUnavailable``.
    public func counts() async throws -> JobCounts {
        try await database.read { try $0.jobCounts() }
    }

    private func fail(_ job: ClaimedJob, _ error: any Error) async throws -> JobOutcome {
        try await write { tx in
            if let attemptsMax = handlers.byKind[job.kind]?.attemptsMax, job.attempts >= attemptsMax {
                return try tx.buryJob(job.claim, because: error) ? .dead : .lost
            }
            let random = tx.randomBytes(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            let pause = backoff.pause(afterAttempts: job.attempts, random: random)
            let retryAt = Instant(microseconds: tx.now.microseconds + pause)
            return try tx.restJob(job.claim, until: retryAt, because: error) ? .failed(retryAt: retryAt) : .lost
        }
    }

    private func write<Answer: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Answer) async throws -> Answer {
        try await database.writeUnrecorded(by: .system(requestID: "jobs"), body)
    }
}
