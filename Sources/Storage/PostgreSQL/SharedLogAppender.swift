import Core
import Wire

/// Gives the events of a transaction their places and writes them to the log, in one statement that goes out with the commit. For an engine
/// with many writers, on many servers.
///
/// The channels' rows are locked by that very statement, in the order of the channels' names, and until the commit that follows at once: two
/// transactions can't wait for each other, and a popular channel is never held while a closure thinks. Nothing is remembered of a top, since
/// others move it.
struct SharedLogAppender {
    let historyEventsMax: Int
    /// Whether the commit wakes those who listen.
    let notifies: Bool

    /// What stands in place of values here is what ``command(for:on:)`` binds.
    private static let statement: StatementText = {
        var text = StatementText(capacity: 1)
        text.append(
            """
            WITH batch AS (
                SELECT name, count, place FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS batch(name, count, place)
            ), moved AS (
                INSERT INTO channel AS known (name, top, moved_by)
                SELECT name, count, pg_current_xact_id() FROM batch ORDER BY name COLLATE "C"
                ON CONFLICT (name) DO UPDATE SET top = known.top + excluded.top, moved_by = excluded.moved_by
                RETURNING id, name, top
            ), written AS (
                INSERT INTO event (channel_id, "offset", data, at)
                SELECT moved.id, moved.top - entry.followers, entry.data, entry.at
                FROM unnest($3::bigint[], $4::bigint[], $5::text[], $6::bigint[]) WITH ORDINALITY
                    AS entry(channel, followers, data, at, place)
                JOIN batch ON batch.place = entry.channel JOIN moved ON moved.name = batch.name
                ORDER BY entry.place
            )
            SELECT moved.name, moved.top, epoch.value AS epoch FROM moved CROSS JOIN epoch
            """
        )
        return text
    }()

    /// Commits the transaction with the events.
    ///
    /// - Returns: the events in their order, with their positions.
    /// - Throws: as ``PostgreSQLConnection/commit(after:)``.
    func commit(_ events: [EmittedEvent], _ batch: EventBatch, on connection: PostgreSQLConnection) throws -> [CommittedEvent] {
        guard !events.isEmpty else {
            _ = try connection.commit(after: [])
            return []
        }
        // PostgreSQL takes an array that it does not know for a long one, finds a plan for the one at hand cheaper, and would plan anew each
        // time: nearly as long as the statement itself takes.
        try connection.add("SELECT set_config('plan_cache_mode', 'force_generic_plan', true)")
        var last = [try connection.command(Self.statement, parameters(for: events, batch))]
        if notifies {
            last.append(try connection.command("SELECT pg_notify('ringside', pg_current_xact_id()::text)"))
        }
        guard let result = try connection.commit(after: last) else { throw StorageError.noRow }
        var tops: [String: StreamPosition] = [:]
        for row in result.rows { tops[try row["name"]] = StreamPosition(epoch: try row["epoch"], offset: try row["top"]) }
        prune(batch, tops, on: connection)

        var followers = batch.counts
        return zip(events, batch.channelIndexes).compactMap { event, index in
            followers[index] -= 1
            return tops[event.channel].map { top in
                CommittedEvent(
                    channel: event.channel, position: StreamPosition(epoch: top.epoch, offset: top.offset - followers[index]),
                    data: event.data
                )
            }
        }
    }

    private func parameters(for events: [EmittedEvent], _ batch: EventBatch) -> PostgreSQLParameters {
        var parameters = PostgreSQLParameters()
        parameters.append(array: batch.channels.map(\.utf8))
        parameters.append(array: batch.counts.map { Int64($0) })
        parameters.append(array: batch.channelIndexes.map { Int64($0 + 1) })
        var followers = batch.counts
        parameters.append(
            array: batch.channelIndexes.map { index in
                followers[index] -= 1
                return Int64(followers[index])
            }
        )
        parameters.append(array: events.map(\.data.bytes))
        parameters.append(array: events.map(\.at.microseconds))
        return parameters
    }

    /// In a transaction of its own, so that nobody waits for it at the channel. One that fails is made good by the next.
    private func prune(_ batch: EventBatch, _ tops: [String: StreamPosition], on connection: PostgreSQLConnection) {
        for (channel, count) in zip(batch.channels, batch.counts) {
            guard let top = tops[channel]?.offset, EventHistory.isPruningDue(from: top - count, to: top), top > UInt64(historyEventsMax)
            else { continue }
            _ = try? connection.ask(
                """
                DELETE FROM event WHERE channel_id = (SELECT id FROM channel WHERE name = \(channel))
                    AND "offset" <= \(top - UInt64(historyEventsMax))
                """
            )
        }
    }
}
