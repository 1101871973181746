import Wire

/// A connection as its event loop's shard knows it: something to find by its user, to change, to drain and to close.
protocol HubConnection: AnyObject {
    /// Who has signed in; nil before that.
    var principal: Principal? { get }
    /// Names it to others; empty where nobody else sees it.
    var client: String { get }
    /// The secret that proves it to be one's own; empty where there is none.
    var secret: String { get }
    func close(_ reason: Disconnect)
    /// The server is going away: to be closed with ``Disconnect/shutdown`` when that second has come.
    func drain(at second: Int)
    func subscribe(to channel: String, _ grant: ChannelGrant, since: StreamPosition?)
    func unsubscribe(from channel: String, _ reason: Unsubscription)
    /// - Parameter expiresAt: nil for never.
    func refresh(expiresAt: Instant?)
}
