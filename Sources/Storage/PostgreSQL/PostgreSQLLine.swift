import Core

/// A connection that comes back: made when it is first needed, and made again after it was lost. Confined to the thread that owns it.
final class PostgreSQLLine {
    private let connect: () throws -> PostgreSQLConnection
    private let patience: Duration
    private let stop: StopSignal
    private let clock = ContinuousClock()
    private var current: PostgreSQLConnection?
    private var outage: Outage?

    init(patience: Duration, stop: StopSignal, connect: @escaping () throws -> PostgreSQLConnection) {
        self.patience = patience
        self.stop = stop
        self.connect = connect
    }

    /// Waits a while for a database that is away. Once it has been away for longer than the patience nobody waits any more, so that those who
    /// queue up are told soon; then one of them tries again now and then.
    ///
    /// - Throws: ``StorageError/unavailable(_:)``.
    func connection() throws -> PostgreSQLConnection {
        if let current, !current.isWorn { return current }
        current = nil
        while true {
            if let outage {
                let wait = outage.nextAttempt - clock.now
                guard wait <= .zero || clock.now - outage.began < patience && stop.pause(for: wait) else {
                    throw StorageError.unavailable(outage.reason)
                }
            }
            do {
                let made = try connect()
                current = made
                outage = nil
                return made
            } catch {
                let reason = (error as? ConnectionLost)?.reason ?? (error as? PostgreSQLFailure)?.message ?? "can't connect"
                outage = Outage(began: outage?.began ?? clock.now, attempts: (outage?.attempts ?? 0) + 1, reason: reason, at: clock.now)
                guard !stop.isStopped, clock.now - (outage?.began ?? clock.now) < patience else { throw StorageError.unavailable(reason) }
            }
        }
    }

    /// The connection is of no use: the next call makes another.
    func drop() { current = nil }
}

/// The time since a database was last reached.
struct Outage {
    private static let delayMin: Duration = .milliseconds(50)
    private static let delayMax: Duration = .seconds(2)

    let began: ContinuousClock.Instant
    let attempts: Int
    let reason: String
    /// Attempts come twice as far apart each time, and scattered, so that a database that comes back is not met by all of them at once.
    let nextAttempt: ContinuousClock.Instant

    init(began: ContinuousClock.Instant, attempts: Int, reason: String, at now: ContinuousClock.Instant) {
        self.began = began
        self.attempts = attempts
        self.reason = reason
        nextAttempt = now + .backOff(attempts, from: Self.delayMin, to: Self.delayMax)
    }
}

extension Duration {
    /// - Parameter attempt: from one.
    static func backOff(_ attempt: Int, from shortest: Duration, to longest: Duration) -> Duration {
        min(longest, shortest * (1 << min(attempt - 1, 20))) * Double.random(in: 0.5...1)
    }
}
