import Wire

/// Reads the log of committed events; implemented by the storage, used by the hub.
public protocol EventLog: Sendable {
    /// Events of a channel and its top, read in one snapshot.
    ///
    /// - Parameters:
    ///   - after: only events beyond this offset (before it when `reverse`); nil for all that are kept.
    ///   - limit: the most events to return; zero for the top alone.
    func read(channel: String, after: UInt64?, limit: Int, reverse: Bool) async throws -> LogPage

    /// Where channels stand, in their order: what ``read(channel:after:limit:reverse:)`` tells with the limit zero, for many at once.
    func tops(of channels: [String]) async throws -> [StreamPosition]
}

extension EventLog {
    /// One after the other: right for a log that no query has to reach.
    public func tops(of channels: [String]) async throws -> [StreamPosition] {
        var tops: [StreamPosition] = []
        for channel in channels { tops.append(try await read(channel: channel, after: nil, limit: 0, reverse: false).top) }
        return tops
    }
}

/// What the log holds of one channel.
public struct LogPage: Sendable {
    /// Epoch and offset of the newest event, kept or not.
    public let top: StreamPosition
    /// In order of offset, or against it when asked in reverse.
    public let entries: [LogEntry]

    public init(top: StreamPosition, entries: [LogEntry]) {
        self.top = top
        self.entries = entries
    }
}

/// One event of a channel.
public struct LogEntry: Hashable, Sendable {
    public let offset: UInt64
    /// The encoded ``EventEnvelope``; in the engine alone whatever was published.
    public let data: RawJSON
    /// What subscribers may filter by.
    public let tags: [String: String]
    /// Who published, where a client did.
    public let info: ClientInfo?

    public init(offset: UInt64, data: RawJSON, tags: [String: String] = [:], info: ClientInfo? = nil) {
        self.offset = offset
        self.data = data
        self.tags = tags
        self.info = info
    }
}

/// An event that has just become true.
public struct CommittedEvent: Sendable {
    public let channel: String
    public let position: StreamPosition
    public let data: RawJSON
    /// What subscribers may filter by.
    public let tags: [String: String]
    /// Who published, where a client did.
    public let info: ClientInfo?

    public init(
        channel: String, position: StreamPosition, data: RawJSON, tags: [String: String] = [:], info: ClientInfo? = nil
    ) {
        self.channel = channel
        self.position = position
        self.data = data
        self.tags = tags
        self.info = info
    }
}

/// Takes events over from the storage.
public protocol CommittedEvents: Sendable {
    /// Called after each commit that emitted something, in commit order, on the writer's thread, before the writers get their answers.
    /// It must return at once: a writer waits.
    func committed(_ events: [CommittedEvent])
}
