import Wire

/// What a login hands out.
public struct SignIn: Decodable, Sendable {
    /// Proves who asks, over HTTP and in the connect command; short-lived.
    public let accessToken: String
    /// Buys the next pair, once.
    public let refreshToken: String?

    enum CodingKeys: String, CodingKey {
        case accessToken = "access_token"
        case refreshToken = "refresh_token"
    }
}

/// Who the caller is, as far as clients need it.
public struct Profile: Decodable, Sendable {
    public let id: Int64
    public let username: String
}

extension RESTClient {
    /// Exchanges a password for tokens.
    ///
    /// - Throws: ``Problem`` where they do not fit together.
    public func login(username: String, password: String) async throws -> SignIn {
        try await post("/api/v1/users/login", body: ["username": username, "password": password]).success().decode()
    }

    /// The caller's own account.
    ///
    /// - Throws: ``Problem``.
    public func me() async throws -> Profile {
        try await get("/api/v1/users/me").success().decode()
    }
}
