import Synchronization

/// Whether the server wants requests, and why not. Shared by everyone who can have a reason.
public final class Readiness: Sendable {
    private let reasons: Mutex<[String]>

    /// - Parameter reasons: why the server is not ready yet; none for a server that is ready from the start.
    public init(reasons: [String] = []) {
        self.reasons = Mutex(reasons)
    }

    /// Why not, in the order in which the reasons came up; empty when the server is ready.
    public var obstacles: [String] { reasons.withLock { $0 } }

    public var isReady: Bool { reasons.withLock { $0.isEmpty } }

    /// Takes the server out of rotation until ``clear(_:)`` is called with the same reason.
    ///
    /// - Parameter reason: one word for probes and logs: `draining`.
    public func block(_ reason: String) {
        reasons.withLock { if !$0.contains(reason) { $0.append(reason) } }
    }

    public func clear(_ reason: String) {
        reasons.withLock { $0.removeAll { $0 == reason } }
    }
}
