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
    /// ``data`` is a delta on the publication before, not the payload itself; see ``FossilDelta``.
    public var delta: Bool
    /// Milliseconds since 1970.
    public var time: Int64?
    /// The channel it was published to, where that is not the one that carries it; empty otherwise.
    public var channel: String

    public init(
        data: RawJSON,
        info: ClientInfo? = nil,
        offset: UInt64 = 0,
        tags: [String: String] = [:],
        delta: Bool = false,
        time: Int64? = nil,
        channel: String = ""
    ) {
        self.data = data
        self.info = info
        self.offset = offset
        self.tags = tags
        self.delta = delta
        self.time = time
        self.channel = channel
    }
}
