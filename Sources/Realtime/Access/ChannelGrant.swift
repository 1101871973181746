import Wire

/// What holds for one connection on one channel.
public struct ChannelGrant: Codable, Hashable, Sendable {
    public var options: ChannelOptions
    /// When the subscription must be renewed; nil for never.
    public var expiresAt: Instant?
    /// What others see of the subscriber in this channel, beside what the connection shows.
    public var info: RawJSON?
    /// For ``SubscribeResult/data``.
    public var data: RawJSON?

    public init(options: ChannelOptions, expiresAt: Instant? = nil, info: RawJSON? = nil, data: RawJSON? = nil) {
        self.options = options
        self.expiresAt = expiresAt
        self.info = info
        self.data = data
    }
}
