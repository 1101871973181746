import Core
import Synchronization

/// Counts the connections of this process, over all event loops; touched when one comes or goes and at no other time.
final class ConnectionLedger: Sendable {
    private struct State {
        var connections = 0
        var byUser: [UserID: Int] = [:]
        var isDraining = false
        var whenEmpty: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())
    private let perUserMax: Int

    init(perUserMax: Int) {
        self.perUserMax = perUserMax
    }

    var connections: Int { state.withLock { $0.connections } }
    var isDraining: Bool { state.withLock { $0.isDraining } }

    func opened() {
        state.withLock { $0.connections += 1 }
    }

    /// - Returns: false when the person has too many connections already; nothing is counted then.
    func signedIn(_ user: UserID) -> Bool {
        state.withLock { state in
            let count = state.byUser[user, default: 0]
            guard count < perUserMax else { return false }
            state.byUser[user] = count + 1
            return true
        }
    }

    /// - Parameter user: The one who had signed in on the connection.
    func closed(_ user: UserID?) {
        let whenEmpty = state.withLock { state -> (@Sendable () -> Void)? in
            state.connections -= 1
            if let user, let count = state.byUser[user] {
                state.byUser[user] = count > 1 ? count - 1 : nil
            }
            return state.connections == 0 ? state.whenEmpty : nil
        }
        whenEmpty?()
    }

    /// No connection is wanted any more; `whenEmpty` is called when the last one is gone, at once when there is none.
    func drain(whenEmpty: @escaping @Sendable () -> Void) {
        let isEmpty = state.withLock { state in
            state.isDraining = true
            state.whenEmpty = whenEmpty
            return state.connections == 0
        }
        if isEmpty { whenEmpty() }
    }
}
