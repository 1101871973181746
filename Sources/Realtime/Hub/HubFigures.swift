import Wire

/// What one event loop of the hub has counted, and holds now.
public struct HubFigures: Sendable {
    // MARK: Now

    public internal(set) var connections = 0
    public internal(set) var subscriptions = 0
    /// Channels that are watched, or were a moment ago.
    public internal(set) var channels = 0
    /// Bytes that wait for peers who read slowly.
    public internal(set) var queuedBytes = 0

    // MARK: Since the start

    /// Writes of publications, joins and leaves to connections; several that left together count once.
    public internal(set) var deliveries = 0
    /// Connections that the server has closed, by code; ``slow`` ones are among them.
    public internal(set) var closes: [UInt16: Int] = [:]
    /// Subscriptions that began without a position.
    public internal(set) var fresh = 0
    /// Subscriptions that got all they had missed.
    public internal(set) var recovered = 0
    /// Subscriptions whose position was of no use any more.
    public internal(set) var unrecovered = 0
    /// Reads of the log, for streams and for clients.
    public internal(set) var logReads = 0
    public internal(set) var logReadFailures = 0
    /// Channels that the log was found to reach further in than they were told.
    public internal(set) var channelsBehind = 0
    /// How often each bound was hit.
    public internal(set) var limitsHit: [HubLimit: Int] = [:]
    /// From the moment an event was handed to the event loops to the moment everybody on this one had it, in one record for all events
    /// that left together: the longest of theirs.
    public internal(set) var commitToDelivery = DurationHistogram()
    /// How late the second's tick came.
    public internal(set) var loopLag = DurationHistogram()

    public var slow: Int { closes[Disconnect.slow.code] ?? 0 }

    mutating func closed(_ reason: Disconnect) { closes[reason.code, default: 0] += 1 }

    mutating func hit(_ limit: HubLimit) { limitsHit[limit, default: 0] += 1 }

    mutating func started(_ start: StreamStart) {
        switch start.recovery {
        case .fresh: fresh += 1
        case .recovered: recovered += 1
        case .unrecovered: unrecovered += 1
        }
    }
}
