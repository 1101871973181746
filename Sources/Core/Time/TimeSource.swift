import Wire

/// Where the server reads the time; handed in so that tests can move it.
public protocol TimeSource: Sendable {
    var now: Instant { get }

    /// Whether this is the clock of the machine. Where several servers share a database, the database's clock stands in for it.
    var isMachineClock: Bool { get }
}

extension TimeSource {
    public var isMachineClock: Bool { false }
}
