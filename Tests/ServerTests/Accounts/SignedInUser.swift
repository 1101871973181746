import Accounts
import Client
import ServerTesting

extension TestUser {
    /// What the refresh token buys; the answer is not judged here.
    func refresh(_ token: String? = nil) async throws -> RESTResponse {
        try await rest.with(token: nil).post("/api/v1/users/token", body: ["refresh_token": token ?? signIn.refreshToken ?? ""])
    }

    func logOut() async throws -> RESTResponse {
        try await rest.post("/api/v1/users/logout")
    }

    /// The caller's own account as the server answers it now.
    func account() async throws -> User {
        try await rest.get("/api/v1/users/me").success().decode()
    }

    /// How the server takes the access token now.
    func standing() async throws -> TokenStanding {
        TokenStanding(try await rest.get("/api/v1/users/me"))
    }

    func changePassword(to password: String, from old: String = TestServer.memberPassword) async throws -> RESTResponse {
        try await rest.put("/api/v1/users/me", body: ["password": password, "old_password": old])
    }
}

extension TestServer {
    /// An administrator's change of somebody's account.
    func change(_ user: TestUser, _ fields: [String: String], by administrator: TestUser? = nil) async throws -> RESTResponse {
        try await (administrator ?? admin).rest.put("/api/v1/users/\(user.id)", body: fields)
    }

    /// How the server takes an access token now.
    func standing(of token: String?) async throws -> TokenStanding {
        TokenStanding(try await rest.with(token: token).get("/api/v1/users/me"))
    }

    func delete(_ user: TestUser, by administrator: TestUser? = nil) async throws -> RESTResponse {
        try await (administrator ?? admin).rest.delete("/api/v1/users/\(user.id)")
    }

    func tryToSignIn(_ name: String, _ password: String = memberPassword) async throws -> RESTResponse {
        try await rest.post("/api/v1/users/login", body: ["username": name, "password": password])
    }
}

/// What an access token is worth.
enum TokenStanding: Equatable {
    case accepted
    /// With the code, and whether the answer challenges the client as RFC 6750 asks.
    case refused(String, isChallenged: Bool)

    static let expired = refused("token.expired", isChallenged: true)
    static let ended = refused("token.ended", isChallenged: true)
    static let invalid = refused("token.invalid", isChallenged: true)

    init(_ response: RESTResponse) {
        guard response.status == 401 else {
            self = response.status < 300 ? .accepted : .refused("status \(response.status)", isChallenged: false)
            return
        }
        let challenge = response.header("WWW-Authenticate") ?? ""
        self = .refused(response.problem?.code ?? "", isChallenged: challenge.hasPrefix(#"Bearer error="invalid_token""#))
    }
}
