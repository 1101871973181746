import Wire

/// Who is in one channel, over all event loops, as a pure state machine.
///
/// Whoever loses the connection is shown for a while longer: when the same user comes back within that time, nobody hears of it. Somebody
/// anonymous can't be recognised, and so goes at once.
struct ChannelPresence {
    enum Arrival: Equatable {
        /// To be told to the others.
        case joined
        /// In place of a connection that was cut off; for the others nothing has happened.
        case returned
        /// There is no room: the connection is not shown, and the others don't hear of it.
        case full
    }

    enum Departure: Equatable {
        /// To be told to the others.
        case left(ClientInfo)
        /// Shown until ``expire(client:hold:)``.
        case held
        /// It was not shown.
        case unknown
    }

    /// By the connections' names, those that are held included.
    private(set) var clients: [String: ClientInfo] = [:]
    private struct Hold {
        let client: String
        /// A connection that has returned and is lost again has another.
        let number: Int
    }

    /// Connections that are held, by user, the longest gone first.
    private var held: [String: [Hold]] = [:]

    var isEmpty: Bool { clients.isEmpty }

    /// Whose place a connection takes: its own, where it has lost only the channel, or the first of its user's that are gone.
    func heldPlace(for info: ClientInfo) -> String? {
        guard let held = held[info.user] else { return nil }
        return held.contains { $0.client == info.client } ? info.client : held.first?.client
    }

    mutating func join(_ info: ClientInfo, clientsMax: Int) -> Arrival {
        if let gone = heldPlace(for: info) {
            forget(gone, of: info.user)
            clients[gone] = nil
            clients[info.client] = info
            return .returned
        }
        guard clients.count < clientsMax else { return .full }
        clients[info.client] = info
        return .joined
    }

    /// - Parameter hold: tells this time from others of the same connection, where it was lost; nil where the channel was left.
    mutating func leave(client: String, hold: Int?) -> Departure {
        guard let info = clients[client] else { return .unknown }
        guard let hold, !info.user.isEmpty else {
            clients[client] = nil
            return .left(info)
        }
        held[info.user, default: []].append(Hold(client: client, number: hold))
        return .held
    }

    /// The time to come back is over.
    ///
    /// - Returns: whose leaving is to be told; nil when the user has come back.
    mutating func expire(client: String, hold: Int) -> ClientInfo? {
        guard let info = clients[client], held[info.user]?.contains(where: { $0.client == client && $0.number == hold }) == true else {
            return nil
        }
        forget(client, of: info.user)
        clients[client] = nil
        return info
    }

    private mutating func forget(_ client: String, of user: String) {
        held[user]?.removeAll { $0.client == client }
        if held[user]?.isEmpty == true { held[user] = nil }
    }
}
