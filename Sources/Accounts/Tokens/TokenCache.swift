import Core
import Synchronization

/// Whom recently verified tokens name: saves the signature and the JSON of a token that comes with every request.
///
/// Two generations of a bounded size: when the young one is full it becomes the old one, and what was not asked for since is dropped.
/// Nothing in here says that a token is still good.
final class TokenCache: Sendable {
    private struct Generations {
        var young: [String: SignedInCaller] = [:]
        var old: [String: SignedInCaller] = [:]
    }

    private let generations = Mutex(Generations())
    private let generationTokensMax: Int

    /// - Parameter tokensMax: tokens that are remembered at most.
    init(tokensMax: Int) {
        generationTokensMax = max(1, tokensMax / 2)
    }

    func caller(of token: String) -> SignedInCaller? {
        generations.withLock { generations in
            if let caller = generations.young[token] { return caller }
            guard let caller = generations.old[token] else { return nil }
            insert(caller, for: token, into: &generations)
            return caller
        }
    }

    func remember(_ caller: SignedInCaller, for token: String) {
        generations.withLock { insert(caller, for: token, into: &$0) }
    }

    private func insert(_ caller: SignedInCaller, for token: String, into generations: inout Generations) {
        if generations.young.count >= generationTokensMax {
            generations.old = generations.young
            generations.young = [:]
        }
        generations.young[token] = caller
    }
}
