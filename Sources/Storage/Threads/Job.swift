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

/// Remembers that a task was cancelled while its job waited. A job that has begun is not stopped.
final class CancellationMark: Sendable {
    private let marked = Atomic<Bool>(false)

    var isCancelled: Bool { marked.load(ordering: .relaxed) }

    func mark() { marked.store(true, ordering: .relaxed) }
}
