import Wire

/// On whose behalf something is asked: proven by a token, the same for HTTP and for sockets.
public enum Caller: Hashable, Sendable {
    case anonymous
    case user(SignedInCaller)

    /// - Throws: ``AccessError/unauthenticated`` for nobody in particular.
    public func signedIn() throws -> SignedInCaller {
        guard case .user(let user) = self else { throw AccessError.unauthenticated }
        return user
    }

    /// - Throws: ``AccessError/unauthenticated``, or ``AccessError/forbidden`` for anybody but an admin or superadmin.
    @discardableResult
    public func administrator() throws -> SignedInCaller {
        let user = try signedIn()
        guard user.role.isAdministrator else { throw AccessError.forbidden }
        return user
    }

    /// The person for whom the caller acts: the caller when `requested` is nil; somebody else only for administrators.
    ///
    /// - Throws: ``AccessError``.
    public func mayActFor(_ requested: UserID?) throws -> UserID {
        let user = try signedIn()
        guard let requested, requested != user.userID else { return user.userID }
        guard user.role.isAdministrator else { throw AccessError.forbidden }
        return requested
    }
}

/// A person who has signed in.
public struct SignedInCaller: Hashable, Sendable {
    public let userID: UserID
    public let role: Role
    public let sessionID: SessionID
    /// When the access token was issued; revocations reach every token issued before them.
    public let issuedAt: Instant
    /// When the access token stops being accepted.
    public let expiresAt: Instant
    /// Whether the password was given by an administrator: until its owner has taken another, that is all that is allowed.
    public let mustChangePassword: Bool

    public init(
        userID: UserID, role: Role, sessionID: SessionID, issuedAt: Instant, expiresAt: Instant, mustChangePassword: Bool = false
    ) {
        self.userID = userID
        self.role = role
        self.sessionID = sessionID
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.mustChangePassword = mustChangePassword
    }
}

/// Why a caller may not do something at all.
public enum AccessError: String, DomainError {
    case unauthenticated = "access.unauthenticated"
    case forbidden = "access.forbidden"
    case mustChangePassword = "access.must_change_password"

    public var kind: ErrorKind { self == .unauthenticated ? .unauthenticated : .forbidden }

    public var detail: String {
        switch self {
        case .unauthenticated: "Sign in first: send an access token as `Authorization: Bearer <token>`."
        case .forbidden: "This account may not do that."
        case .mustChangePassword: "The password was given by an administrator; choose another one first."
        }
    }
}
