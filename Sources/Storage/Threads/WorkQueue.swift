import Core
import Dispatch
import Synchronization

/// A bounded queue between tasks that ask and threads that work. Nobody blocks on the asking side; a thread without work sleeps until it
/// is woken, and is not woken again while it works.
final class WorkQueue<Job: Sendable>: Sendable {
    private struct State {
        var jobs: [Job] = []
        var threadsAsleep = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    private let wakeUp = DispatchSemaphore(value: 0)
    private let jobsMax: Int

    init(jobsMax: Int) {
        self.jobsMax = jobsMax
    }

    var count: Int { state.withLock { $0.jobs.count } }

    /// - Throws: `RequestError.overloaded` when the queue is full, ``StorageError/unavailable(_:)`` when it is closed.
    func append(_ job: Job) throws {
        let wakes = try state.withLock { state in
            guard !state.isClosed else { throw StorageError.unavailable("the database is closed") }
            guard state.jobs.count < jobsMax else { throw RequestError.overloaded }
            state.jobs.append(job)
            guard state.threadsAsleep > 0 else { return false }
            state.threadsAsleep -= 1
            return true
        }
        if wakes { wakeUp.signal() }
    }

    /// Waits for work and takes a share of it.
    ///
    /// - Parameter sharedBy: how many threads take from this queue: one takes no more than its part of what waits.
    /// - Returns: nil when the queue is closed and empty.
    func take(max: Int, sharedBy threads: Int) -> [Job]? {
        while true {
            let taken: [Job]? = state.withLock { state in
                if state.jobs.isEmpty {
                    guard !state.isClosed else { return nil }
                    state.threadsAsleep += 1
                    return []
                }
                let share = min(max, (state.jobs.count + threads - 1) / threads)
                let jobs = Array(state.jobs.prefix(share))
                state.jobs.removeFirst(share)
                return jobs
            }
            guard let taken, taken.isEmpty else { return taken }
            wakeUp.wait()
        }
    }

    /// Lets nothing more in; the threads finish what is there.
    func close() {
        let sleepers = state.withLock { state in
            state.isClosed = true
            defer { state.threadsAsleep = 0 }
            return state.threadsAsleep
        }
        for _ in 0..<sleepers { wakeUp.signal() }
    }
}
