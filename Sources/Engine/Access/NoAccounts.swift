import Core

/// The engine alone knows no accounts: what asks for an access token of one is refused.
struct NoAccounts: Authenticator {
    func authenticate(token: String) async throws -> SignedInCaller { throw AuthenticationError.invalid }

    func reasonToRefuse(_ caller: SignedInCaller) -> AuthenticationError? { .invalid }
}
