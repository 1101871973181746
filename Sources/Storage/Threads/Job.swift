import Core
import Synchronization

/// Answers the caller; kept until the answer may be given.
typealias Acknowledgement = @Sendable () -> Void

/// A write that waits for its turn.
struct WriteJob: Sendable {
    let context: CallContext
    let cancellation: CancellationMark
    /// Runs the closure; the change is not true before the commit, so the answer is held back.
    let run: @Sendable (Transaction) throws -> Acknowledgement
    let refuse: @Sendable (any Error) -> Void
}

/// A read that waits for its turn.
struct ReadJob: Sendable {
    let cancellation: CancellationMark
    /// Runs the closure; the engine says when the answer is good.
    let run: @Sendable (Snapshot) throws -> Acknowledgement
    let refuse: @Sendable (any Error) -> Void
}

/// Remembers that a task was cancelled. A job that waited is not begun any more; one that has begun may ask to be told.
final class CancellationMark: Sendable {
    private struct Action: Sendable {
        let run: @Sendable () -> Void
    }

    private let marked = Atomic<Bool>(false)
    private let action = Mutex<Action?>(nil)

    var isCancelled: Bool { marked.load(ordering: .sequentiallyConsistent) }

    func mark() {
        marked.store(true, ordering: .sequentiallyConsistent)
        act()
    }

    /// Calls the action once, when the task is cancelled or right now where it was already; on any thread, which it must not hold up. The last
    /// action counts.
    func whenMarked(_ action: @escaping @Sendable () -> Void) {
        self.action.withLock { $0 = Action(run: action) }
        if isCancelled { act() }
    }

    private func act() {
        let action = action.withLock { action in
            defer { action = nil }
            return action
        }
        action?.run()
    }
}
