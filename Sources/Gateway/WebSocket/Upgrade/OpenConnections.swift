import NIOCore
import Synchronization

/// Counts the accepted connections, so that the end of the last one can be awaited.
///
/// A WebSocket lives on its event loop without a task, and so the listener does not wait for it: the loops would be taken away from under
/// sockets that have just said goodbye, and clients would see a reset in place of the close frame.
final class OpenConnections: Sendable {
    private struct State {
        var count = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Counts a connection until its channel closes.
    func add(_ channel: any Channel) {
        state.withLock { $0.count += 1 }
        channel.closeFuture.whenComplete { [self] _ in remove() }
    }

    /// Returns when there is none. To be called when no more are accepted and those that stand have been told to end.
    func waitUntilEmpty() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                if state.count > 0 { state.waiting.append(continuation) }
                return state.count == 0
            }
            if isEmpty { continuation.resume() }
        }
    }

    private func remove() {
        let waiting = state.withLock { state in
            state.count -= 1
            guard state.count == 0 else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiting.removeAll() }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
