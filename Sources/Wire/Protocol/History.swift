/// Asks for entries of a channel's log.
public struct HistoryRequest: Hashable, Sendable {
    public var channel: String
    /// Zero asks for the top position alone, -1 for as many entries as the server gives.
    public var limit: Int
    /// Entries after this position (before it, when reversed).
    public var since: StreamPosition?
    /// Newest first.
    public var reverse: Bool

    public init(channel: String, limit: Int = 0, since: StreamPosition? = nil, reverse: Bool = false) {
        self.channel = channel
        self.limit = limit
        self.since = since
        self.reverse = reverse
    }
}

/// Entries of a channel's log and its top position.
public struct HistoryResult: Hashable, Sendable {
    public var publications: [Publication]
    public var epoch: String
    public var offset: UInt64

    public init(publications: [Publication] = [], epoch: String, offset: UInt64) {
        self.publications = publications
        self.epoch = epoch
        self.offset = offset
    }
}
