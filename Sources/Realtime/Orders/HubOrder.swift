import Core
import Wire

/// What every node is to do with its connections, wherever they are. It travels through the log on ``SystemChannel/orders``, so that no node
/// misses it; where there is one process and no such log, ``Hub/carryOut(_:)`` does it at once.
public struct HubOrder: Event, Hashable {
    public static let type = "hub.ordered"

    public enum Action: Codable, Hashable, Sendable {
        /// Subscribes connections that are not in the channel yet.
        ///
        /// - Parameter since: they get what came after it first.
        case subscribe(HubTarget, channel: String, ChannelGrant, since: StreamPosition?)
        /// Ends subscriptions, whoever began them.
        case unsubscribe(HubTarget, channel: String)
        /// - Parameter sparing: names of connections that stay.
        case disconnect(HubTarget, code: UInt16, reason: String, sparing: Set<String>)
        /// Moves the end of connections; nil for no end, one that is past closes them.
        case refresh(HubTarget, expiresAt: Instant?)
        /// Forgets the recent events of a channel whose log was removed.
        case forgetHistory(channel: String)
    }

    public let action: Action

    public init(_ action: Action) {
        self.action = action
    }
}

/// The connections of a user, or one of them.
public struct HubTarget: Codable, Hashable, Sendable {
    /// Empty for everybody anonymous.
    public let user: String
    /// The name of the one that is meant.
    public let client: String?
    /// Whose secret is the one that is meant; the secret itself is written down nowhere.
    let proof: SessionProof?

    public init(user: String, client: String? = nil, session secret: String? = nil) {
        self.user = user
        self.client = client
        proof = secret.map(SessionProof.init)
    }
}
