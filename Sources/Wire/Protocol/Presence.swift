/// A connection, as others in the channel see it.
public struct ClientInfo: Hashable, Sendable {
    /// The user's id; empty for an anonymous one.
    public var user: String
    /// The connection's id.
    public var client: String
    /// From the connection token.
    public var connInfo: RawJSON?
    /// From the subscription token.
    public var chanInfo: RawJSON?

    public init(user: String, client: String, connInfo: RawJSON? = nil, chanInfo: RawJSON? = nil) {
        self.user = user
        self.client = client
        self.connInfo = connInfo
        self.chanInfo = chanInfo
    }
}

/// Who is in a channel.
public struct PresenceRequest: Hashable, Sendable {
    public var channel: String

    public init(channel: String) {
        self.channel = channel
    }
}

/// The connections in a channel by their ids.
public struct PresenceResult: Hashable, Sendable {
    public var presence: [String: ClientInfo]

    public init(presence: [String: ClientInfo]) {
        self.presence = presence
    }
}

/// How many are in a channel.
public struct PresenceStatsRequest: Hashable, Sendable {
    public var channel: String

    public init(channel: String) {
        self.channel = channel
    }
}

/// Connections and the different users behind them.
public struct PresenceStatsResult: Hashable, Sendable {
    public var clientCount: UInt32
    public var userCount: UInt32

    public init(clientCount: UInt32, userCount: UInt32) {
        self.clientCount = clientCount
        self.userCount = userCount
    }
}
