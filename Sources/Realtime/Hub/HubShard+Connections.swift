import Core
import Wire

/// Who is connected to the event loop, and who may not stay.
extension HubShard {
    /// - Returns: false when there are too many from that address; it must be closed then.
    func add(_ connection: any HubConnection, from address: String?) -> Bool {
        connections.insert(connection)
        let isWelcome = ledger.opened(from: address)
        if !isWelcome { figures.hit(.connectionsPerAddress) }
        return isWelcome
    }

    /// Makes a connection known by its user, so that a revocation finds it.
    ///
    /// - Parameter elsewhere: how many connections the user has on other nodes.
    /// - Returns: what the user's connections may do together; nil when there are too many of them.
    func signIn(_ connection: any HubConnection, as user: String, elsewhere: Int = 0) -> UserBudget? {
        guard let budget = ledger.signedIn(user, at: now, elsewhere: elsewhere) else {
            figures.hit(.connectionsPerUser)
            return nil
        }
        connections.signIn(connection, as: user)
        return budget
    }

    /// - Parameters:
    ///   - user: The one the connection had signed in as.
    ///   - address: The one it was counted by.
    func remove(_ connection: any HubConnection, user: String?, address: String?) {
        if connections.remove(connection, user: user) { ledger.closed(user, from: address) }
    }

    /// Spreads the end of all connections over a time, in random order: their clients come back at once, and all of them together would
    /// be the next server's storm.
    func drain(overSeconds seconds: Int) {
        for connection in connections.all {
            if seconds > 0 {
                connection.drain(at: now + 1 + settings.random(0..<seconds))
            } else {
                connection.close(.shutdown)
            }
        }
    }

    func revoke(_ revocation: Revocation) {
        let reason: Disconnect = revocation.scope == .tokens ? .stateInvalidated : .invalidToken
        for connection in connections.connections(of: "\(revocation.userID.rawValue)") {
            if let caller = connection.principal?.caller, revocation.covers(caller) { connection.close(reason) }
        }
    }

    func recheckCallers() {
        for connection in connections.signedIn {
            if let principal = connection.principal, let refusal = access.refusal(of: principal) { connection.close(refusal.ending) }
        }
    }
}
