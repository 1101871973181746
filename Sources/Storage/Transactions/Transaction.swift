import Core
import Wire

/// A change of the database: rows, the news of it and its audit trail, in one commit.
///
/// The closure that is given it may run more than once (after an error that took the whole batch along, a deadlock, a lost connection), so it
/// has no effect outside of the transaction; identifiers, time and randomness come from here.
public final class Transaction: Snapshot {
    /// On whose behalf the change is made.
    public let context: CallContext

    private(set) var emitted: [EmittedEvent] = []
    let timeZoneVersion: String
    /// When the first job is due that was enqueued here; nil without any.
    private(set) var firstJobDueAt: Instant?
    private let randomness: Randomness

    init(
        connection: any SQLConnection, context: CallContext, timeZoneVersion: String, randomness: Randomness,
        clock: @escaping () -> Instant
    ) {
        self.context = context
        self.timeZoneVersion = timeZoneVersion
        self.randomness = randomness
        super.init(connection: connection, clock: clock)
    }

    /// - Returns: how many rows were changed.
    /// - Throws: ``StorageError``.
    @discardableResult
    public func execute(_ sql: SQL) throws -> Int {
        try connection.execute(sql)
    }

    /// Changes something whose outcome nobody looks at: on an engine that has to be travelled to, it shares the next statement's trip.
    ///
    /// - Throws: ``StorageError``, here or at the next statement.
    func post(_ sql: SQL) throws {
        try connection.post(sql)
    }

    /// Inserts one row into a table whose key is its `id`.
    ///
    /// - Parameter sql: an `INSERT` without `RETURNING`, which makes SQLite build a table for the result.
    /// - Returns: the `id` of the row.
    /// - Throws: ``StorageError``.
    public func insert(_ sql: SQL) throws -> Int64 {
        try connection.insert(sql)
    }

    /// Tells the channels' watchers, once the transaction is committed and not before. The event's place in a channel is allocated at the
    /// end of the commit; events of one transaction keep their order. On all channels it is the same event, with the same id.
    ///
    /// - Throws: `EncodingError`.
    public func emit(_ event: some Event, to channels: any Channel...) throws {
        let envelope = EventEnvelope(type: type(of: event).type, id: EventID.make(from: randomness), at: now, data: event)
        let data = try envelope.json()
        for channel in channels { emitted.append(EmittedEvent(channel: channel.name, data: data, at: now)) }
    }

    /// Tells a channel's watchers something that is no ``Event``, as it is: the way of the server API.
    public func append(_ data: RawJSON, to channel: String) {
        emitted.append(EmittedEvent(channel: channel, data: data, at: now))
    }

    /// A job stands in the queue that may wake the worker, once this is committed.
    func noteJob(dueAt: Instant) {
        firstJobDueAt = min(firstJobDueAt ?? dueAt, dueAt)
    }

    /// Bytes that nobody can foresee, good for secrets.
    public func randomBytes(_ count: Int) -> [UInt8] {
        randomness.bytes(count)
    }
}
