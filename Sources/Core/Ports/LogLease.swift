import Synchronization

/// How long a node may trust what it knows of a log that others write to. Renewed by whoever follows the log; asked by whatever must not act
/// on old knowledge: a node that was frozen does not know yet who was sent away meanwhile.
public final class LogLease: Sendable {
    /// Three looks at the log.
    public static let seconds = 3

    private let knownUpTo = Mutex<ContinuousClock.Instant?>(nil)

    public init() {}

    /// Everything that was committed before that moment has been taken notice of.
    public func renew(from moment: ContinuousClock.Instant) {
        knownUpTo.withLock { $0 = max($0 ?? moment, moment) }
    }

    /// Whether hardly anything can have happened that this node does not know.
    public var isCurrent: Bool {
        knownUpTo.withLock { $0.map { .now - $0 < .seconds(Self.seconds) } ?? false }
    }
}

/// What this node knows may be old: it can't tell yet who is still signed in.
public struct LogBehind: DomainError, Hashable {
    public init() {}

    public var code: String { "request.catching_up" }
    public var kind: ErrorKind { .unavailable }
    public var detail: String { "The server is catching up with the others; try again soon." }
    public var retryAfterMilliseconds: Int? { 1_000 }
}
