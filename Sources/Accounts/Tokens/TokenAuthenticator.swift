import Core
import Wire

/// Turns access tokens into callers. A token is verified once and then remembered; expiry and revocation are asked every time.
public final class TokenAuthenticator: Authenticator {
    /// Ours have some 300 bytes; longer texts are not even looked at.
    public static let tokenBytesMax = 2_048
    /// Verified tokens that are remembered, some 8 MB; when full, those not used lately are verified again.
    public static let cachedTokensMax = 16_384

    private let tokens: AccessTokens
    private let revocations: RevocationIndex
    private let lease: LogLease?
    private let time: any TimeSource
    private let cache = TokenCache(tokensMax: cachedTokensMax)

    /// - Parameter lease: where revocations come from other nodes, too: nobody is let in on the strength of what may be old.
    public init(tokens: AccessTokens, revocations: RevocationIndex, lease: LogLease? = nil, time: any TimeSource) {
        self.tokens = tokens
        self.revocations = revocations
        self.lease = lease
        self.time = time
    }

    public func authenticate(token: String) async throws -> SignedInCaller {
        guard token.utf8.count <= Self.tokenBytesMax else { throw AuthenticationError.invalid }
        let caller: SignedInCaller
        if let known = cache.caller(of: token) {
            caller = known
        } else {
            caller = try await tokens.read(token)
            // An expired one would only push others out.
            if caller.expiresAt > time.now { cache.remember(caller, for: token) }
        }
        if let reason = reasonToRefuse(caller) { throw reason }
        guard lease?.isCurrent ?? true else { throw LogBehind() }
        return caller
    }

    public func confirm(_ caller: SignedInCaller) throws {
        guard isStillValid(caller) else { throw AuthenticationError.ended }
        guard lease?.isCurrent ?? true else { throw LogBehind() }
    }

    public func reasonToRefuse(_ caller: SignedInCaller) -> AuthenticationError? {
        guard caller.expiresAt > time.now else { return .expired }
        return revocations.reasonToRefuse(caller)
    }
}
