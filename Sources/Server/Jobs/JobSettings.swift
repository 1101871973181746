/// The bounds and rhythms of a node's work on jobs.
public struct JobSettings: Sendable {
    /// Jobs that this node runs at a time; more wait in the database.
    public var runningMax = 4
    /// How often the worker looks for what other nodes have enqueued, holds on to its claims and counts, in seconds.
    public var lookSeconds: Int64 = 5
    /// How long the others wait for a node that may have died with a job, in seconds. Several looks, so that a slow one loses nothing.
    public var leaseSeconds: Int64 = 30
    /// How long jobs that run may take to end when the server stops, in seconds; then they are given back.
    public var drainSeconds: Int64 = 30

    public init() {}
}
