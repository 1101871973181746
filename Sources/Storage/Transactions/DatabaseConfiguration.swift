import Wire

/// The bounds of a database. The defaults are what a server runs with; tests make them small.
public struct DatabaseConfiguration: Sendable {
    /// Writes that may wait; the next is refused with `RequestError.overloaded`.
    public var writesWaitingMax = 16_384
    /// Reads that may wait; the next is refused with `RequestError.overloaded`.
    public var readsWaitingMax = 16_384
    /// Transactions that share one commit at most.
    public var batchTransactionsMax = 256
    /// How long a batch may collect work before it commits, so that nobody waits for a full one.
    public var batchDurationMax: Duration = .milliseconds(5)
    /// Threads that read.
    public var readers = 2
    /// Threads that write, on an engine where more than one can.
    public var writers = 8
    /// Whether each commit wakes the servers that listen to a shared database. It makes commits wait for each other: only for installations
    /// that have no bus.
    public var notifiesCommits = false
    /// Reads that share one snapshot at most.
    public var snapshotReadsMax = 64
    /// Events that a channel keeps at least; up to ``EventHistory/pruningStride`` more stay until the next pruning.
    public var historyEventsMax = 10_000
    /// How long events are kept, in seconds; a week.
    public var historySecondsMax: Int64 = 7 * 86_400
    /// How long the answers to idempotent requests are kept, in seconds; two days.
    public var idempotencySecondsMax: Int64 = 48 * 3_600
    /// The release of the time zone data that wall times are placed with, which every line of the audit trail names.
    public var timeZoneVersion = "unknown"
    /// How long dead letters are kept, in seconds; 90 days.
    public var deadJobSecondsMax: Int64 = 90 * 86_400
    /// How long a close lets statements run that were begun, on an engine that can stop them; then they are stopped, and what still waits is
    /// refused.
    public var closingPatience: Duration = .seconds(5)
    /// Where randomness comes from.
    public var randomBytes: @Sendable (_ count: Int) -> [UInt8] = Randomness.systemBytes

    /// What a shared database may take how long for.
    var postgreSQLLimits = PostgreSQLLimits()

    public init() {}
}
