import Core
import Crypto
import Wire

/// What ``SignInThrottle`` is to one node, over all of them. While the store is out of reach it lets everything pass, and each node's own
/// throttle holds.
struct ClusterThrottle: Sendable {
    let store: any RateLimitStore

    /// - Throws: ``TooManyAttempts``.
    func begin(name: String, address: String?) async throws {
        if let wait = await wait(for: Self.key("name", name), SignInThrottle.failuresPerName) { throw wait }
        guard let address, let wait = await wait(for: Self.key("address", address), SignInThrottle.failuresPerAddress) else { return }
        takeBack(Self.key("name", name), SignInThrottle.failuresPerName)
        throw wait
    }

    /// Every attempt that began is ended, once.
    func end(name: String, address: String?, as outcome: SignInThrottle.Outcome) {
        guard outcome != .failed else { return }
        let nameKey = Self.key("name", name)
        if outcome == .succeeded { store.forget(nameKey) } else { takeBack(nameKey, SignInThrottle.failuresPerName) }
        if let address { takeBack(Self.key("address", address), SignInThrottle.failuresPerAddress) }
    }

    private func wait(for key: String, _ failuresMax: Int) async -> TooManyAttempts? {
        let milliseconds = await store.fill(key, capacity: failuresMax, windowSeconds: SignInThrottle.windowSeconds) ?? 0
        return milliseconds > 0 ? TooManyAttempts(retryAfterMilliseconds: milliseconds) : nil
    }

    private func takeBack(_ key: String, _ failuresMax: Int) {
        store.takeBack(key, capacity: failuresMax, windowSeconds: SignInThrottle.windowSeconds)
    }

    /// Neither names nor addresses lie about in the store.
    private static func key(_ kind: String, _ text: String) -> String {
        "sign-in:\(kind):" + SHA256.hash(data: Array(text.utf8)).prefix(16).hexadecimal
    }
}
