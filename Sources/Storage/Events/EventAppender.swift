import Core
import Wire

/// Gives the events of a batch their places and writes them to the log, as the last thing before the commit. For an engine with one writer.
///
/// Offsets are allocated here and not at `emit`, where a transaction does not know yet whether it will be committed, and before which other.
/// The top stands in the channel's row and is never derived from the log, which is pruned. What a commit left there is remembered, since
/// nobody else writes it; what a batch that falls would have left is not.
final class EventAppender {
    /// Channels whose rows are remembered, some 2 MB; when full, all are read again.
    private static let channelsKnownMax = 16_384

    private let connection: any SQLConnection
    private let historyEventsMax: Int
    /// As the last commit left them.
    private var known: [String: Place] = [:]
    /// As the batch that is being written will leave them.
    private var moved: [(channel: String, place: Place)] = []

    init(connection: any SQLConnection, historyEventsMax: Int) {
        self.connection = connection
        self.historyEventsMax = historyEventsMax
    }

    /// - Parameter events: in commit order.
    /// - Returns: the same events in the same order, with their positions.
    func append(_ events: [EmittedEvent]) throws -> [CommittedEvent] {
        guard !events.isEmpty else { return [] }
        guard let epoch: String = try connection.query("SELECT value FROM epoch").first?["value"] else { throw StorageError.noRow }
        let batch = EventBatch(events)
        var places = try advance(batch)
        return try zip(events, batch.channelIndexes).map { event, index in
            places[index].top += 1
            let place = places[index]
            try connection.execute(
                """
                INSERT INTO event (channel_id, "offset", data, at)
                VALUES (\(place.channelID), \(place.top), \(event.data), \(event.at))
                """
            )
            return CommittedEvent(channel: event.channel, position: StreamPosition(epoch: epoch, offset: place.top), data: event.data)
        }
    }

    /// The batch is on the disk.
    func batchWasCommitted() {
        if known.count + moved.count > Self.channelsKnownMax { known.removeAll(keepingCapacity: true) }
        for (channel, place) in moved { known[channel] = place }
        moved.removeAll(keepingCapacity: true)
    }

    /// The batch is gone, and with it whatever the rows were seen to hold since it began.
    func batchWasRolledBack() {
        known.removeAll()
        moved.removeAll()
    }

    /// Moves every touched channel's top along.
    ///
    /// - Returns: where each stood before, in the order of the batch's channels.
    private func advance(_ batch: EventBatch) throws -> [Place] {
        try zip(batch.channels, batch.counts).map { channel, count in
            let before = try known[channel] ?? place(of: channel)
            let after = Place(channelID: before.channelID, top: before.top + count)
            try connection.execute("UPDATE channel SET top = \(after.top) WHERE id = \(after.channelID)")
            if EventHistory.isPruningDue(from: before.top, to: after.top) {
                try EventHistory.prune(channelID: after.channelID, top: after.top, eventsMax: historyEventsMax, on: connection)
            }
            moved.append((channel, after))
            return before
        }
    }

    /// A channel has a row from its first event on.
    private func place(of channel: String) throws -> Place {
        if let row = try connection.query("SELECT id, top FROM channel WHERE name = \(channel)").first {
            return Place(channelID: try row["id"], top: try row["top"])
        }
        return Place(channelID: try connection.insert("INSERT INTO channel (name, top) VALUES (\(channel), 0)"), top: 0)
    }

    private struct Place {
        let channelID: Int64
        var top: UInt64
    }
}
