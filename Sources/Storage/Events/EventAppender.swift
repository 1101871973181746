import Core
import Wire

/// Gives the events of a batch their places and writes them to the log, as the last thing before the commit.
///
/// Offsets are allocated here and not at `emit` because the channel's row is what writers of one channel wait for: on an engine with many
/// writers it is locked for a moment only, and since all take the rows in the order of the channels' names, no two can wait for each
/// other. The top stands in that row and is never derived from the log, which is pruned.
struct EventAppender {
    let connection: any SQLConnection
    let historyEventsMax: Int

    /// - Parameter events: in commit order.
    /// - Returns: the same events in the same order, with their positions.
    func append(_ events: [EmittedEvent]) throws -> [CommittedEvent] {
        guard !events.isEmpty else { return [] }
        guard let epoch: String = try connection.query("SELECT value FROM epoch").first?["value"] else { throw StorageError.noRow }
        var places = try allocate(for: events)
        return try events.map { event in
            guard let place = places[event.channel] else { throw StorageError.noRow }
            let offset = place.top + 1
            places[event.channel]?.top = offset
            try connection.execute(
                """
                INSERT INTO event (channel_id, "offset", data, at)
                VALUES (\(place.channelID), \(offset), \(event.data), \(event.at))
                """
            )
            return CommittedEvent(channel: event.channel, position: StreamPosition(epoch: epoch, offset: offset), data: event.data)
        }
    }

    /// Moves every touched channel's top along, and answers where each stood before.
    private func allocate(for events: [EmittedEvent]) throws -> [String: Place] {
        var counts: [String: UInt64] = [:]
        for event in events { counts[event.channel, default: 0] += 1 }
        var places: [String: Place] = [:]
        places.reserveCapacity(counts.count)
        for (channel, count) in counts.sorted(by: { $0.key < $1.key }) {
            let (id, top) = try advance(channel, by: count)
            places[channel] = Place(channelID: id, top: top - count)
            if EventHistory.isPruningDue(from: top - count, to: top) {
                try EventHistory.prune(channelID: id, top: top, eventsMax: historyEventsMax, on: connection)
            }
        }
        return places
    }

    /// Changes first and reads then: the change locks the row. (One statement with `RETURNING` would say the same, but SQLite builds a table
    /// for its result.)
    private func advance(_ channel: String, by count: UInt64) throws -> (id: Int64, top: UInt64) {
        let updated = try connection.execute("UPDATE channel SET top = top + \(count) WHERE name = \(channel)")
        if updated == 0 {
            try connection.execute(
                """
                INSERT INTO channel (name, top) VALUES (\(channel), \(count))
                ON CONFLICT (name) DO UPDATE SET top = channel.top + excluded.top
                """
            )
        }
        guard let row = try connection.query("SELECT id, top FROM channel WHERE name = \(channel)").first else { throw StorageError.noRow }
        return (try row["id"], try row["top"])
    }

    private struct Place {
        let channelID: Int64
        var top: UInt64
    }
}
