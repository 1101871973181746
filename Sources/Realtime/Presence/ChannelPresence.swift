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
        /// Shown until ``expire(client:)``.
        case held
        /// It was not shown.
        case unknown
    }

    /// By the connections' names, those that are held included.
    private(set) var clients: [String: ClientInfo] = [:]
    /// Names of connections that are held, by user, the longest gone first.
    private var held: [String: [String]] = [:]

    var isEmpty: Bool { clients.isEmpty }

    /// Whose place the next connection of a user takes.
    func heldFirst(of user: String) -> String? { held[user]?.first }

    mutating func join(_ info: ClientInfo, clientsMax: Int) -> Arrival {
        if let gone = held[info.user]?.first {
            forget(gone, of: info.user)
            clients[gone] = nil
            clients[info.client] = info
            return .returned
        }
        guard clients.count < clientsMax else { return .full }
        clients[info.client] = info
        return .joined
    }

    /// - Parameter mayReturn: the connection was lost, rather than the channel left.
    mutating func leave(client: String, mayReturn: Bool) -> Departure {
        guard let info = clients[client] else { return .unknown }
        guard mayReturn, !info.user.isEmpty else {
            clients[client] = nil
            return .left(info)
        }
        held[info.user, default: []].append(client)
        return .held
    }

    /// The time to come back is over.
    ///
    /// - Returns: whose leaving is to be told; nil when the user has come back.
    mutating func expire(client: String) -> ClientInfo? {
        guard let info = clients[client], held[info.user]?.contains(client) == true else { return nil }
        forget(client, of: info.user)
        clients[client] = nil
        return info
    }

    private mutating func forget(_ client: String, of user: String) {
        held[user]?.removeAll { $0 == client }
        if held[user]?.isEmpty == true { held[user] = nil }
    }
}
