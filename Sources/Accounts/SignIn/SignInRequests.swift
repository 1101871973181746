import Core

/// Signs in with username or e-mail address. Its answer holds secrets and is never stored, so no idempotency key is honoured.
public struct LogIn: Endpoint {
    public static let operation = Operation(
        "gym.users.login", .post, "/api/v1/users/login", access: .everyone, summary: "Sign in", isIdempotencyAware: false
    )
    public typealias Response = TokenGrant

    /// The username or the e-mail address.
    var username: String
    var password: String

    public init(username: String, password: String) {
        self.username = username
        self.password = password
    }

    public func validate(_ check: inout Validation) {
        check("username", username, length: 1...EmailAddress.bytesMax)
        check("password", password, length: 1...PasswordStrength.length.upperBound)
    }
}

/// Exchanges a refresh token for a new pair of tokens; each can be used once.
///
/// Using one a second time ends the sign-in: either of the two users may be a thief, and the server can't tell which. A client whose answer
/// was lost and who repeats the request is taken for one too, and has to sign in again.
public struct RefreshTokens: Endpoint {
    public static let operation = Operation(
        "gym.users.refresh-token", .post, "/api/v1/users/token", access: .everyone, summary: "Get new tokens with a refresh token",
        isIdempotencyAware: false
    )
    public typealias Response = TokenGrant

    var refreshToken: String

    public init(refreshToken: String) {
        self.refreshToken = refreshToken
    }

    public func validate(_ check: inout Validation) {
        check("refresh_token", refreshToken, length: 1...RefreshToken.textBytes)
    }

    enum CodingKeys: String, CodingKey { case refreshToken = "refresh_token" }
}

/// Ends the sign-in at once: its tokens and its sockets.
public struct LogOut: Endpoint {
    public static let operation = Operation(
        "gym.users.logout", .post, "/api/v1/users/logout", success: .noContent, access: .signedIn, summary: "Sign out",
        isIdempotencyAware: false, admitsGivenPassword: true
    )
    public typealias Response = NoContent

    public init() {}
}
