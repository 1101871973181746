import Core
import Crypto
import JWTKit
import Wire

/// Issues and reads access tokens: JWT, signed with HMAC-SHA256. The algorithm is fixed; what a token's header claims does not matter.
public struct AccessTokens: Sendable {
    /// How long an access token is good. Fifteen minutes; there is no leeway, issuer and verifier share their clock.
    public static let lifeSeconds: Int64 = 900

    private let keys: JWTKeyCollection

    public init(secret: TokenSecret) async {
        keys = JWTKeyCollection()
        await keys.add(hmac: HMACKey(key: SymmetricKey(data: secret.bytes)), digestAlgorithm: .sha256)
    }

    func issue(
        to user: UserID, role: Role, session: SessionID, at issuedAt: Instant, mustChangePassword: Bool = false
    ) async throws -> String {
        try await keys.sign(
            AccessClaims(
                user: user, role: role, session: session, issuedAt: issuedAt, lifeSeconds: Self.lifeSeconds,
                mustChangePassword: mustChangePassword
            )
        )
    }

    /// Whom a token names, if its signature is ours; whether it is still good is another question.
    ///
    /// - Throws: `AuthenticationError.invalid`.
    func read(_ token: String) async throws -> SignedInCaller {
        do {
            return try await keys.verify(token, as: AccessClaims.self).caller
        } catch {
            throw AuthenticationError.invalid
        }
    }
}
