import Core
import Synchronization
import Wire

/// Tokens that mean what a test says they mean.
final class TokenTable: Authenticator {
    enum Token {
        case caller(SignedInCaller)
        /// Something happens while the token is looked at.
        case callerAfter(@Sendable () -> Void, SignedInCaller)
        case refused(AuthenticationError)
        case unavailable
    }

    struct Unavailable: Error {}

    private let tokens = Mutex<[String: Token]>([:])
    private let ended = Mutex<[Revocation]>([])

    func set(_ token: String, _ meaning: Token) {
        tokens.withLock { $0[token] = meaning }
    }

    /// What the accounts do when they hear of a revocation.
    func revoke(_ revocation: Revocation) {
        ended.withLock { $0.append(revocation) }
    }

    func authenticate(token: String) async throws -> SignedInCaller {
        switch tokens.withLock({ $0[token] }) {
        case .caller(let caller): return caller
        case .callerAfter(let happen, let caller):
            happen()
            return caller
        case .refused(let error): throw error
        case .unavailable: throw Unavailable()
        case nil: throw AuthenticationError.invalid
        }
    }

    func reasonToRefuse(_ caller: SignedInCaller) -> AuthenticationError? {
        let revocations = ended.withLock { $0.filter { $0.covers(caller) } }
        guard !revocations.isEmpty else { return nil }
        return revocations.contains { $0.scope != .tokens } ? .ended : .expired
    }
}
