/// Turns a token into a caller; implemented by the accounts, used by every transport.
public protocol Authenticator: Sendable {
    /// - Throws: ``AuthenticationError``, ``LogBehind``.
    func authenticate(token: String) async throws -> SignedInCaller

    /// Why a caller that was authenticated earlier is none any more; nil where it still is one. Cheap enough for every command of a socket.
    func reasonToRefuse(_ caller: SignedInCaller) -> AuthenticationError?

    /// The same before something is done in the caller's name.
    ///
    /// - Throws: ``AuthenticationError/ended``, ``LogBehind``.
    func confirm(_ caller: SignedInCaller) throws
}

extension Authenticator {
    public func isStillValid(_ caller: SignedInCaller) -> Bool { reasonToRefuse(caller) == nil }

    public func confirm(_ caller: SignedInCaller) throws {
        guard isStillValid(caller) else { throw AuthenticationError.ended }
    }
}

/// Why a token was not accepted.
public enum AuthenticationError: String, DomainError, CaseIterable {
    /// Not a token of ours.
    case invalid = "token.invalid"
    /// Was good once; a newer one from the refresh token will do.
    case expired = "token.expired"
    /// The sign-in has ended or the account is gone: only a new sign-in helps.
    case ended = "token.ended"

    public var kind: ErrorKind { .unauthenticated }

    public var detail: String {
        switch self {
        case .invalid: "The access token is not valid."
        case .expired: "The access token has expired; get a new one with the refresh token."
        case .ended: "This sign-in has ended; sign in again."
        }
    }
}
