/// The bounds of the log. Pruning removes events only: a channel keeps its top, and so nobody is ever given an offset a second time.
enum EventHistory {
    /// A channel is pruned by count each time its top passes a multiple of this.
    static let pruningStride: UInt64 = 256
    /// Events that one step of the pruning by age looks at.
    static let pruningChunk = 1_000
    /// Channels that one step of the pruning by age looks at.
    static let channelsChunk = 500

    static func isPruningDue(from old: UInt64, to new: UInt64) -> Bool {
        old / pruningStride != new / pruningStride
    }

    static func prune(channelID: Int64, top: UInt64, eventsMax: Int, on connection: any SQLConnection) throws {
        guard top > UInt64(eventsMax) else { return }
        try connection.execute(
            """
            DELETE FROM event WHERE channel_id = \(channelID) AND "offset" <= \(top - UInt64(eventsMax))
            """
        )
    }
}
