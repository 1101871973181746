import Client

/// One account's access token; it signs in again when the token is no longer taken.
actor TokenSource {
    nonisolated let username: String
    private let password: String
    private let rest: RESTClient
    private var signingIn: Task<String, any Error>?

    init(_ rest: RESTClient, username: String, password: String) {
        self.rest = rest
        self.username = username
        self.password = password
    }

    /// The present token; the first call signs in.
    ///
    /// - Throws: `Problem`.
    func token() async throws -> String {
        try await token(of: signingIn ?? signIn())
    }

    /// A newer token than one that was refused. However many callers were refused, one of them signs in.
    ///
    /// - Throws: `Problem`.
    func token(after refused: String) async throws -> String {
        let present = try await token()
        return present == refused ? try await token(of: signIn()) : present
    }

    /// What a sign-in came to. One that failed is forgotten, so that the next caller tries again.
    private func token(of task: Task<String, any Error>) async throws -> String {
        do {
            return try await task.value
        } catch {
            if signingIn == task { signingIn = nil }
            throw error
        }
    }

    /// The actor owns the task: everybody who asks meanwhile waits for the same sign-in.
    private func signIn() -> Task<String, any Error> {
        let task = Task { [rest, username, password] in
            try await rest.login(username: username, password: password).accessToken
        }
        signingIn = task
        return task
    }
}
