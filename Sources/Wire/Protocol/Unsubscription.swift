/// Why the server ended a subscription.
public struct Unsubscription: Hashable, Sendable {
    public let code: UInt32
    /// For developers.
    public let reason: String

    public init(code: UInt32, reason: String) {
        self.code = code
        self.reason = reason
    }

    /// Whether the client stays away; from 2500 it subscribes again by itself.
    public var isTerminal: Bool { code < 2500 }
}

extension Unsubscription {
    public static let server = Self(code: 2000, reason: "server unsubscribe")
    /// There would be a gap; the client subscribes again from its position.
    public static let insufficientState = Self(code: 2500, reason: "insufficient state")
    public static let expired = Self(code: 2501, reason: "subscription expired")
    /// The client drops its subscription token and its position before it subscribes again.
    public static let stateInvalidated = Self(code: 2502, reason: "state invalidated")
}
