import Wire

/// Where the server reads the time; handed in so that tests can move it.
public protocol TimeSource: Sendable {
    var now: Instant { get }
}
