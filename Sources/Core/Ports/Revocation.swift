import Wire

/// The end of some tokens before their time; it travels through the log on ``SystemChannel/revocations`` and closes sockets.
public struct Revocation: Event, Hashable {
    public static let type = "access.revoked"

    /// What has ended.
    public enum Scope: String, Codable, Sendable {
        /// One sign-in: logout, or a refresh token used twice.
        case session
        /// Every sign-in of a person: the account is gone.
        case account
        /// Every token of a person issued so far: role, places or password have changed; the refresh token gives a new one.
        case tokens
    }

    public let scope: Scope
    public let userID: UserID
    /// The sign-in that ended, for ``Scope/session``.
    public let sessionID: SessionID?
    public let at: Instant

    public init(scope: Scope, userID: UserID, sessionID: SessionID? = nil, at: Instant) {
        self.scope = scope
        self.userID = userID
        self.sessionID = sessionID
        self.at = at
    }

    /// Whether a caller's token falls under it.
    public func covers(_ caller: SignedInCaller) -> Bool {
        guard caller.userID == userID else { return false }
        return switch scope {
        case .session: caller.sessionID == sessionID
        case .account: true
        case .tokens: caller.issuedAt <= at
        }
    }

    enum CodingKeys: String, CodingKey {
        case scope, at
        case userID = "user_id"
        case sessionID = "session_id"
    }
}

/// Channels between the parts of the server; no client may watch them.
public struct SystemChannel: Channel {
    public static let namespace = "system"

    public let name: String

    private init(_ topic: String) { name = "\(Self.namespace):\(topic)" }

    /// Carries ``Revocation``.
    public static let revocations = SystemChannel("revocations")

    /// Carries ``CatalogueChanged``.
    public static let catalogue = SystemChannel("catalogue")

    /// Carries ``DisplayRevoked``.
    public static let displays = SystemChannel("displays")

    /// Carries what every node is to do with its connections.
    public static let orders = SystemChannel("orders")
}

/// The list of places has changed: cached copies are stale.
public struct CatalogueChanged: Event, Hashable {
    public static let type = "catalogue.changed"

    public init() {}
}
