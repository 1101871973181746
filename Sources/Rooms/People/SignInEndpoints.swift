import Accounts
import Core

/// Signs in with username or e-mail address.
struct SignInPerson: Endpoint {
    static let operation = Operation(
        "rooms.auth.login", .post, "/auth/login", access: .everyone, summary: "Sign in", isIdempotencyAware: false
    )
    typealias Response = PersonTokens

    /// The username or the e-mail address.
    var username: String
    var password: String

    func validate(_ check: inout Validation) {
        LogIn(username: username, password: password).validate(&check)
    }
}

/// What a sign-in gives. The document has the access token alone; the rest lets a client stay signed in without the password.
struct PersonTokens: Codable, Sendable {
    let accessToken: String
    let refreshToken: String
    /// Seconds for which the access token is good.
    let expiresIn: Int

    init(_ grant: TokenGrant) {
        accessToken = grant.accessToken
        refreshToken = grant.refreshToken
        expiresIn = grant.expiresIn
    }

    enum CodingKeys: String, CodingKey {
        case accessToken = "access_token"
        case refreshToken = "refresh_token"
        case expiresIn = "expires_in"
    }
}

/// Exchanges a refresh token for new tokens; each can be used once.
struct RefreshPerson: Endpoint {
    static let operation = Operation(
        "rooms.auth.refresh", .post, "/auth/refresh", access: .everyone, summary: "Get new tokens with a refresh token",
        isIdempotencyAware: false
    )
    typealias Response = PersonTokens

    var refreshToken: String

    func validate(_ check: inout Validation) {
        RefreshTokens(refreshToken: refreshToken).validate(&check)
    }

    enum CodingKeys: String, CodingKey {
        case refreshToken = "refresh_token"
    }
}

/// Ends the sign-in at once: its tokens and its sockets.
struct SignOutPerson: Endpoint {
    static let operation = Operation(
        "rooms.auth.logout", .post, "/auth/logout", success: .noContent, access: .signedIn, summary: "Sign out", isIdempotencyAware: false,
        admitsGivenPassword: true
    )
    typealias Response = NoContent
}

/// Makes an account for whoever asks; it starts as an employee.
struct RegisterPerson: Endpoint {
    static let operation = Operation(
        "rooms.auth.register", .post, "/auth/register", success: .created, access: .everyone, summary: "Register an account"
    )
    typealias Response = Person

    var username: String
    var password: String
    var email: String

    var registration: RegisterUser { RegisterUser(username: username, email: email, password: password) }

    func validate(_ check: inout Validation) { registration.validate(&check) }
}
