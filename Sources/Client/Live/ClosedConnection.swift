import Wire

/// How a WebSocket connection ended.
public struct ClosedConnection: Error, Hashable, Sendable {
    /// Of the close frame that the server sent; 1006 where none came, 1005 for one without a code (RFC 6455, 7.4.1).
    public let code: UInt16
    public let reason: String

    public init(code: UInt16, reason: String) {
        self.code = code
        self.reason = reason
    }

    /// The connection was lost without a word.
    public static let abnormal = Self(code: 1006, reason: "")

    /// Whether a client stays away instead of connecting again.
    public var isTerminal: Bool { Disconnect(code: code, reason: reason).isTerminal }
}
