/// What a sign-in gives (in the words of RFC 6749, section 5.1).
public struct TokenGrant: Codable, Hashable, Sendable {
    public let accessToken: String
    /// Always `bearer`.
    public let tokenType: String
    /// Seconds for which the access token is good.
    public let expiresIn: Int
    public let refreshToken: String
    /// Seconds for which the refresh token is good, when it is not used before.
    public let refreshExpiresIn: Int
    public let user: User

    enum CodingKeys: String, CodingKey {
        case accessToken = "access_token"
        case tokenType = "token_type"
        case expiresIn = "expires_in"
        case refreshToken = "refresh_token"
        case refreshExpiresIn = "refresh_expires_in"
        case user
    }
}
