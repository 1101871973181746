import Core
import Wire

/// What a session is to do next.
enum SessionAction: Hashable {
    case reply(Reply)
    case push(Push)
    case ping
    /// Ask who connects; the answer is ``SessionState/authenticated(_:at:)``.
    case connect(ConnectRequest)
    /// Prove a newer token; the answer is ``SessionState/refreshed(_:at:)``.
    case reauthenticate(token: String)
    /// Ask what holds for the user in the channel; the answer is ``SessionState/admitted(to:_:at:)``.
    case admit(SubscribeRequest)
    /// Begin to watch; the answer is ``SessionState/joined(_:at:second:)`` or ``SessionState/joinFailed(_:at:)``.
    case join(channel: String, since: StreamPosition?, SubscriptionTraits)
    /// Show the connection to those who watch the channel.
    case appear(channel: String, ClientInfo, ChannelOptions)
    /// Stop watching.
    case leave(channel: String)
    /// Prove a newer token for a subscription; the answer is ``SessionState/subscriptionRefreshed(_:_:_:at:)``.
    case refreshSubscription(id: UInt32, SubRefreshRequest)
    /// Read the log; the answer is ``SessionState/historyRead(id:_:_:)``.
    case readHistory(id: UInt32, HistoryRequest)
    /// Answer the command with who is in the channel.
    case presence(id: UInt32, channel: String)
    /// Answer the command with how many are in the channel.
    case presenceStats(id: UInt32, channel: String)
    /// Publish; the answer is ``SessionState/published(_:)``.
    ///
    /// - Parameter options: nil where the client is not subscribed: then the channel's own must allow it.
    case publish(PublishRequest, ClientInfo, ChannelOptions?)
    /// Call; the answer is ``SessionState/called(id:_:)``.
    case call(id: UInt32, RPCRequest)
    /// Pass a message on; the answer is ``SessionState/messageTaken(_:)``.
    case message(SendRequest)
    /// Somebody asked for more than there is room for; to be counted.
    case limitHit(HubLimit)
    /// The last action of a session.
    case close(Disconnect)
}

/// What holds in a channel, and how long.
struct Admission {
    let grant: ChannelGrant
    /// Seconds; nil for ever.
    let ttlSeconds: Int?
}

/// What came of a token.
enum TokenDecision {
    /// - Parameters:
    ///   - ttlSeconds: How long the connection may live; nil for ever.
    ///   - channels: What the server subscribes to.
    case accepted(Principal, ttlSeconds: Int?, channels: [String: Admission] = [:])
    case refused(AccessRefusal)
}
