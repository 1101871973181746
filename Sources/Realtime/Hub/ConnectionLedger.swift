import Synchronization

/// Counts the connections of this process, over all event loops; touched when one comes or goes and at no other time.
final class ConnectionLedger: Sendable {
    private struct UserSeat {
        var connections = 0
        let budget: UserBudget
    }

    private struct State {
        var connections = 0
        var byUser: [String: UserSeat] = [:]
        var byAddress: [String: Int] = [:]
        var isDraining = false
        var whenEmpty: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())
    private let settings: SharedSettings
    private let roster: (any ClusterRoster)?

    /// - Parameter roster: tells the other nodes how many connections a person has here.
    init(_ settings: SharedSettings, roster: (any ClusterRoster)? = nil) {
        self.settings = settings
        self.roster = roster
    }

    var connections: Int { state.withLock { $0.connections } }
    /// People with a connection; all anonymous ones count as one.
    var users: Int { state.withLock { $0.byUser.count } }
    /// Of everybody who is known.
    var connectionsByUser: [String: Int] {
        state.withLock { $0.byUser.filter { !$0.key.isEmpty }.mapValues(\.connections) }
    }
    var isDraining: Bool { state.withLock { $0.isDraining } }

    /// - Returns: false when there are too many connections from that address. It is counted as a connection all the same, and not by the
    ///   address.
    func opened(from address: String?) -> Bool {
        state.withLock { state in
            state.connections += 1
            guard let address else { return true }
            let count = state.byAddress[address, default: 0]
            guard count < settings.connectionsPerAddressMax else { return false }
            state.byAddress[address] = count + 1
            return true
        }
    }

    /// - Parameters:
    ///   - user: empty for somebody anonymous, of whom there may be any number.
    ///   - elsewhere: connections of the user on other nodes.
    /// - Returns: what the user's connections may do together here; nil when there are too many of them already, and nothing is counted
    ///   then.
    func signedIn(_ user: String, at second: Int, elsewhere: Int = 0) -> UserBudget? {
        let budget = state.withLock { state -> UserBudget? in
            var seat = state.byUser[user] ?? UserSeat(budget: UserBudget(settings.userCommandRate, at: second))
            guard user.isEmpty || seat.connections + elsewhere < settings.connectionsPerUserMax else { return nil }
            seat.connections += 1
            state.byUser[user] = seat
            return seat.budget
        }
        if budget != nil, !user.isEmpty { roster?.connections(of: user, changedBy: 1) }
        return budget
    }

    /// - Parameters:
    ///   - user: The one who had signed in on the connection.
    ///   - address: The one by which it was counted.
    func closed(_ user: String?, from address: String?) {
        let whenEmpty = state.withLock { state -> (@Sendable () -> Void)? in
            state.connections -= 1
            if let user, var seat = state.byUser[user] {
                seat.connections -= 1
                state.byUser[user] = seat.connections > 0 ? seat : nil
            }
            if let address, let count = state.byAddress[address] {
                state.byAddress[address] = count > 1 ? count - 1 : nil
            }
            return state.connections == 0 ? state.whenEmpty : nil
        }
        if let user, !user.isEmpty { roster?.connections(of: user, changedBy: -1) }
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
