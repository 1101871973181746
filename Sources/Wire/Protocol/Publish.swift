/// Publishes to a channel that takes publications from clients.
public struct PublishRequest: Hashable, Sendable {
    public var channel: String
    /// Nil when the client sent none, which the server refuses.
    public var data: RawJSON?

    public init(channel: String, data: RawJSON?) {
        self.channel = channel
        self.data = data
    }
}

/// One entry of a channel.
public struct Publication: Hashable, Sendable {
    public var data: RawJSON
    /// Who published, when a client did.
    public var info: ClientInfo?
    /// The place in the channel's log; zero in a channel without one.
    public var offset: UInt64
    public var tags: [String: String]
    /// Milliseconds since 1970.
    public var time: Int64?

    public init(data: RawJSON, info: ClientInfo? = nil, offset: UInt64 = 0, tags: [String: String] = [:], time: Int64? = nil) {
        self.data = data
        self.info = info
        self.offset = offset
        self.tags = tags
        self.time = time
    }
}
