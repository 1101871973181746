import Core
import HTTPTypes

extension Authenticator {
    /// The caller that the `Authorization` field proves (RFC 6750, section 2.1); nobody in particular without one. A token that is not
    /// accepted is refused everywhere, so that a client learns of it before it takes a public answer for its own.
    ///
    /// - Throws: ``AuthenticationError``.
    func caller(of fields: HTTPFields) async throws -> Caller {
        guard let value = fields[.authorization] else { return .anonymous }
        let scheme = value.utf8.prefix(7)
        guard scheme.count == 7, Substring(scheme).lowercased() == "bearer " else { throw AuthenticationError.invalid }
        return .user(try await authenticate(token: String(value.dropFirst(7))))
    }
}

/// The challenge of a 401 (RFC 6750, section 3).
enum Challenge {
    static func field(for error: any DomainError) -> HTTPField {
        guard let error = error as? AuthenticationError else { return HTTPField(name: .wwwAuthenticate, value: "Bearer") }
        return HTTPField(name: .wwwAuthenticate, value: #"Bearer error="invalid_token", error_description="\#(error.detail)""#)
    }
}
