import Core
import JWTKit
import Wire

/// What an access token says (RFC 7519).
struct AccessClaims: JWTPayload {
    static let issuer = "ringside"
    static let audience = "ringside"

    let iss: String
    let aud: String
    /// The account.
    let sub: String
    /// The sign-in.
    let sid: SessionID
    let role: Role
    let iat: Int64
    /// When it was issued, in microseconds since 1970: a revocation reaches tokens issued up to its own instant, and whole seconds would
    /// also hit the token that was taken right after it.
    let issuedAtMicroseconds: Int64
    let exp: Int64
    /// True where the owner may do nothing but take another password; absent elsewhere.
    let mustChangePassword: Bool?

    init(user: UserID, role: Role, session: SessionID, issuedAt: Instant, lifeSeconds: Int64, mustChangePassword: Bool) {
        iss = Self.issuer
        aud = Self.audience
        sub = String(user.rawValue)
        sid = session
        self.role = role
        iat = issuedAt.microseconds / 1_000_000
        issuedAtMicroseconds = issuedAt.microseconds
        exp = iat + lifeSeconds
        self.mustChangePassword = mustChangePassword ? true : nil
    }

    /// Called once the signature has been verified. Expiry is not asked here but at every use, by the server's own clock.
    func verify(using _: some JWTAlgorithm) throws {
        guard iss == Self.issuer, aud == Self.audience else { throw AuthenticationError.invalid }
    }

    /// - Throws: `AuthenticationError.invalid` for a subject that is no account.
    var caller: SignedInCaller {
        get throws {
            guard let user = Int64(sub), let expiry = exp.inMicroseconds else { throw AuthenticationError.invalid }
            return SignedInCaller(
                userID: UserID(user), role: role, sessionID: sid, issuedAt: Instant(microseconds: issuedAtMicroseconds),
                expiresAt: Instant(microseconds: expiry), mustChangePassword: mustChangePassword ?? false
            )
        }
    }

    enum CodingKeys: String, CodingKey {
        case iss, aud, sub, sid, role, iat, exp
        case issuedAtMicroseconds = "iat_us"
        case mustChangePassword = "pwd"
    }
}

extension Int64 {
    fileprivate var inMicroseconds: Int64? {
        let (product, overflow) = multipliedReportingOverflow(by: 1_000_000)
        return overflow ? nil : product
    }
}
