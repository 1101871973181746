import NIOCore
import Storage
import Synchronization

/// What a worker has under way.
final class RunningJobs: Sendable {
    private let jobs = Mutex<[ClaimedJob.Claim: RunningJob]>([:])

    var count: Int { jobs.withLock(\.count) }

    /// The claims to hold on to: a job that was interrupted is on its way out, and one that does not leave may be taken by others.
    var claims: [ClaimedJob.Claim] { jobs.withLock { $0.values.filter { $0.interruption == nil }.map(\.job.claim) } }

    func add(_ running: RunningJob) {
        jobs.withLock { $0[running.job.claim] = running }
    }

    func remove(_ claim: ClaimedJob.Claim) {
        jobs.withLock { $0[claim] = nil }
    }

    func interruption(of claim: ClaimedJob.Claim) -> RunningJob.Interruption? {
        jobs.withLock { $0[claim]?.interruption }
    }

    func interrupt(_ claims: some Collection<ClaimedJob.Claim>, _ reason: RunningJob.Interruption) {
        jobs.withLock { jobs in
            for claim in claims { jobs[claim]?.interrupt(reason) }
        }
    }

    func interruptOverrun(at now: NIODeadline) {
        jobs.withLock { jobs in
            for claim in jobs.filter({ $0.value.deadline <= now }).keys { jobs[claim]?.interrupt(.overran) }
        }
    }

    func interruptAll(_ reason: RunningJob.Interruption) {
        interrupt(jobs.withLock { Array($0.keys) }, reason)
    }
}
