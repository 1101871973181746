/// Why the server closes a connection: the code and reason of the close frame.
///
/// The range of the code tells every client, even one that does not know the code, whether to come back. Codes of the application are
/// 4000-4499 (come back) and 4500-4999 (stay away).
public struct Disconnect: Error, Hashable, Sendable {
    public let code: UInt16
    /// For developers; at most ``reasonBytesMax`` bytes, and nothing that looks like JSON (the JavaScript client would parse it).
    public let reason: String

    /// What a close frame has room for: 125 bytes (RFC 6455, 5.5) less the code.
    public static let reasonBytesMax = 123

    /// A reason that is too long is cut.
    public init(code: UInt16, reason: String) {
        self.code = code
        // A character that the cut hits becomes a replacement character, for which there is room.
        let fits = reason.utf8.count <= Self.reasonBytesMax
        self.reason = fits ? reason : String(decoding: reason.utf8.prefix(Self.reasonBytesMax - 3), as: UTF8.self)
    }

    /// Whether clients stay away instead of connecting again.
    public var isTerminal: Bool {
        switch code {
        // "Message too big" would only happen again.
        case 1009, 3500...3999, 4500...4999: true
        default: false
        }
    }
}

extension Disconnect {
    public static let normal = Self(code: 3000, reason: "connection closed")
    public static let shutdown = Self(code: 3001, reason: "shutdown")
    public static let internalError = Self(code: 3004, reason: "internal server error")
    public static let connectionExpired = Self(code: 3005, reason: "connection expired")
    public static let subscriptionExpired = Self(code: 3006, reason: "subscription expired")
    /// The client reads slower than the server writes; recovery brings what it missed.
    public static let slow = Self(code: 3008, reason: "slow")
    public static let writeError = Self(code: 3009, reason: "write error")
    /// There would be a gap in a channel.
    public static let insufficientState = Self(code: 3010, reason: "insufficient state")
    public static let forceReconnect = Self(code: 3011, reason: "force reconnect")
    public static let noPong = Self(code: 3012, reason: "no pong")
    public static let tooManyRequests = Self(code: 3013, reason: "too many requests")
    /// The client drops its token and its positions before it comes back.
    public static let stateInvalidated = Self(code: 3014, reason: "state invalidated")

    public static let invalidToken = Self(code: 3500, reason: "invalid token")
    public static let badRequest = Self(code: 3501, reason: "bad request")
    /// No connect command came in time.
    public static let stale = Self(code: 3502, reason: "stale")
    public static let forceNoReconnect = Self(code: 3503, reason: "force disconnect")
    public static let connectionLimit = Self(code: 3504, reason: "connection limit")
    public static let channelLimit = Self(code: 3505, reason: "channel limit")
    public static let inappropriateProtocol = Self(code: 3506, reason: "inappropriate protocol")
    public static let permissionDenied = Self(code: 3507, reason: "permission denied")
    public static let notAvailable = Self(code: 3508, reason: "not available")
    public static let tooManyErrors = Self(code: 3509, reason: "too many errors")
}
