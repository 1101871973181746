import Core
import Synchronization
import Wire

/// Slows down whoever guesses passwords: ten failures in a quarter of an hour for one name, a hundred from one address.
///
/// Names that nobody has count alike, so being slowed down tells nothing. A stranger can keep a person from signing in this way, for as long
/// as he goes on; sessions that live are not touched. Kept in memory: a restart forgets. Where there are several
/// nodes, ``ClusterThrottle`` counts besides.
final class SignInThrottle: Sendable {
    static let failuresPerName = 10
    static let failuresPerAddress = 100
    /// How long it takes until all of them are forgotten.
    static let windowSeconds: Int64 = 900
    private static let keysMax = 10_000

    private struct Ledgers {
        var names = FailureLedger(failuresMax: failuresPerName, windowSeconds: windowSeconds, keysMax: keysMax)
        var addresses = FailureLedger(failuresMax: failuresPerAddress, windowSeconds: windowSeconds, keysMax: keysMax)
    }

    /// How an attempt ended.
    enum Outcome {
        case succeeded
        case failed
        /// It was never decided: the server was too busy, or the client went away.
        case abandoned
    }

    private let ledgers = Mutex(Ledgers())

    /// - Throws: ``TooManyAttempts``.
    func begin(name: String, address: String?, at now: Instant) throws {
        let wait = ledgers.withLock { ledgers -> Int? in
            if let wait = ledgers.names.begin(name, at: now) { return wait }
            guard let address, let wait = ledgers.addresses.begin(address, at: now) else { return nil }
            ledgers.names.takeBack(name, at: now)
            return wait
        }
        if let wait { throw TooManyAttempts(retryAfterMilliseconds: wait) }
    }

    /// Every attempt that began is ended, once.
    func end(name: String, address: String?, as outcome: Outcome, at now: Instant) {
        guard outcome != .failed else { return }
        ledgers.withLock { ledgers in
            if outcome == .succeeded { ledgers.names.forget(name) } else { ledgers.names.takeBack(name, at: now) }
            if let address { ledgers.addresses.takeBack(address, at: now) }
        }
    }
}

extension AccountService {
    /// Runs one check of a password under the throttle.
    ///
    /// - Returns: what the check said.
    /// - Throws: ``TooManyAttempts`` before the check, or what the check throws.
    func attempt(as name: String, from address: String?, _ check: () async throws -> Bool) async throws -> Bool {
        let name = Username.key(of: name)
        try throttle.begin(name: name, address: address, at: time.now)
        do {
            try await clusterThrottle?.begin(name: name, address: address)
        } catch {
            throttle.end(name: name, address: address, as: .abandoned, at: time.now)
            throw error
        }
        do {
            let isRight = try await check()
            end(name, address, as: isRight ? .succeeded : .failed)
            return isRight
        } catch {
            end(name, address, as: .abandoned)
            throw error
        }
    }

    private func end(_ name: String, _ address: String?, as outcome: SignInThrottle.Outcome) {
        throttle.end(name: name, address: address, as: outcome, at: time.now)
        clusterThrottle?.end(name: name, address: address, as: outcome)
    }
}
