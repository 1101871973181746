import Synchronization

/// What a thread does for somebody right now, so that it can be cut short.
final class RunningWork: Sendable {
    private struct State {
        var number = 0
        var canceller: StatementCanceller?
    }

    private let state = Mutex(State())

    /// - Returns: the number by which this piece of work, and no later one, is cancelled.
    func begin(_ canceller: StatementCanceller) -> Int {
        state.withLock { state in
            state.number += 1
            state.canceller = canceller
            return state.number
        }
    }

    /// Waits for a request that is on its way, so that it does not meet what comes next.
    func end() {
        state.withLock { $0.canceller = nil }
    }

    /// Stops the statement that runs, if it still is that work's. Waits for the database.
    ///
    /// - Parameter number: nil for whatever runs.
    func cancel(_ number: Int? = nil) {
        state.withLock { state in
            if number == nil || number == state.number { state.canceller?.cancel() }
        }
    }
}

/// A request to cancel that waits for the thread that sends it: whoever makes it must not wait for the database.
struct CancelRequest: Sendable {
    let work: RunningWork
    let number: Int
}
