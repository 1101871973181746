import Core
import Crypto
import Foundation
import Wire

/// Why a token was not accepted.
enum TokenRefusal: Error, Hashable {
    /// Forged, broken, not for us, or not good yet.
    case invalid
    /// Was good once; a newer one will do.
    case expired
}

/// Reads tokens of one kind.
struct TokenVerifier: Sendable {
    /// Nil where no secret is configured: then no token is good.
    private let key: SymmetricKey?
    private let audience: String
    private let issuer: String

    init(_ rules: TokenRules) {
        key = rules.secret.isEmpty ? nil : SymmetricKey(data: Data(rules.secret.utf8))
        audience = rules.audience
        issuer = rules.issuer
    }

    /// - Throws: ``TokenRefusal``.
    func claims<Claims: Decodable>(of token: String, as _: Claims.Type, at now: Instant) throws(TokenRefusal) -> Claims {
        guard let key, let token = SignedToken(token, key: key) else { throw .invalid }
        let decoder = JSONDecoder()
        guard let registered = try? decoder.decode(RegisteredClaims.self, from: token.payload),
            let claims = try? decoder.decode(Claims.self, from: token.payload)
        else { throw .invalid }
        guard issuer.isEmpty || registered.issuer == issuer else { throw .invalid }
        guard audience.isEmpty || registered.audience?.names.contains(audience) == true else { throw .invalid }
        if let notBefore = registered.notBefore?.instant, now < notBefore { throw .invalid }
        if let expiry = registered.expiresAt?.instant, now >= expiry { throw .expired }
        return claims
    }
}
