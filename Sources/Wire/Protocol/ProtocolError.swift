/// Why a command failed while the connection goes on. Codes from 400 to 1999 are free for the application.
public struct ProtocolError: Error, Hashable, Sendable {
    public let code: UInt32
    /// For developers; names nobody and no secret.
    public let message: String
    /// Whether the same command may succeed later; clients then try again by themselves.
    public let temporary: Bool

    public init(code: UInt32, message: String, temporary: Bool = false) {
        self.code = code
        self.message = message
        self.temporary = temporary
    }
}

extension ProtocolError {
    public static let internalError = Self(code: 100, message: "internal server error", temporary: true)
    public static let unauthorized = Self(code: 101, message: "unauthorized")
    /// No namespace of the server has channels of that name.
    public static let unknownChannel = Self(code: 102, message: "unknown channel")
    public static let permissionDenied = Self(code: 103, message: "permission denied")
    public static let methodNotFound = Self(code: 104, message: "method not found")
    public static let alreadySubscribed = Self(code: 105, message: "already subscribed")
    public static let limitExceeded = Self(code: 106, message: "limit exceeded")
    public static let badRequest = Self(code: 107, message: "bad request")
    /// The namespace does not have that feature.
    public static let notAvailable = Self(code: 108, message: "not available")
    /// The client fetches a new token and tries again.
    public static let tokenExpired = Self(code: 109, message: "token expired")
    public static let expired = Self(code: 110, message: "expired")
    public static let tooManyRequests = Self(code: 111, message: "too many requests", temporary: true)
    /// The log no longer reaches back to the position that was asked for.
    public static let unrecoverablePosition = Self(code: 112, message: "unrecoverable position")
    public static let concurrentPagination = Self(code: 113, message: "concurrent pagination", temporary: true)
}
