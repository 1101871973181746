import Wire

/// Tells which channels moved, on a log that several servers write; implemented by storages that can be shared, used by the relay.
///
/// It says that something was written, never what: a channel's events are read by ``EventLog`` from where the reader stands.
public protocol LogTail: Sendable {
    /// Every channel that a transaction moved which was not yet over at the mark. A channel may be named again though it did not move since:
    /// the mark stands before the oldest transaction that was under way, so that nothing in flight is stepped over.
    ///
    /// - Parameters:
    ///   - mark: where an earlier look ended; nil names no channels and tells where the log stands now.
    ///   - limit: the most channels to name. When more have moved, none is named.
    func moves(since mark: LogMark?, limit: Int) async throws -> LogMoves
}

/// A place in the order of all commits; means nothing to anyone but the log that gave it.
public struct LogMark: Hashable, Sendable {
    public let value: UInt64

    public init(value: UInt64) {
        self.value = value
    }
}

/// What a look at the end of the log has found.
public struct LogMoves: Sendable {
    /// Where the next look begins.
    public let mark: LogMark
    /// How far the channels that moved reach; nil when there are too many to name: then any may have moved.
    public let tops: [ChannelMove]?

    public init(mark: LogMark, tops: [ChannelMove]?) {
        self.mark = mark
        self.tops = tops
    }
}

/// How far a channel reaches.
public struct ChannelMove: Hashable, Sendable {
    public let channel: String
    public let top: StreamPosition

    public init(channel: String, top: StreamPosition) {
        self.channel = channel
        self.top = top
    }
}
