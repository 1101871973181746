import Synchronization
import Wire

/// Wakes this node's worker when a commit of this node has brought a job that is due before the worker would look again. Other nodes' jobs
/// are found by looking.
final class JobAlarm: Sendable {
    private struct State {
        var wake: (@Sendable () -> Void)?
        var before: Instant?
    }

    private let state = Mutex(State())

    /// From now on a job calls this; one worker listens at a time.
    func connect(_ wake: @escaping @Sendable () -> Void) {
        state.withLock { $0 = State(wake: wake) }
    }

    /// - Parameter before: only jobs that are due earlier wake; nil for all.
    func narrow(to before: Instant?) {
        state.withLock { $0.before = before }
    }

    /// A job was committed.
    func ring(dueAt: Instant) {
        let wake = state.withLock { state in
            if let before = state.before, dueAt >= before { return nil as (@Sendable () -> Void)? }
            return state.wake
        }
        wake?()
    }
}
