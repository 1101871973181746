import Foundation

/// How much a run does: little by itself, as much as `make torture` says in the environment.
enum TortureSize {
    /// Publications of the recovery run, all channels together.
    static let publications = number("PUBLICATIONS", or: 3_000)
    /// Kills of the serving process.
    static let kills = number("KILLS", or: 3)
    /// Kills of the server under a load of bookings, at random moments.
    static let crashes = number("CRASHES", or: 6)
    /// Every how many bytes the sweep cuts.
    static let sweepStride = number("SWEEP_STRIDE", or: 7)
    static let jitterClients = number("JITTER_CLIENTS", or: 100)
    /// How often a client of the jitter run loses its network, and for how long.
    static let jitterIntervalMilliseconds = number("JITTER_INTERVAL_MS", or: 1_500)
    static let jitterOfflineMilliseconds = number("JITTER_OFFLINE_MS", or: 100)
    static let jitterBroadcasts = 120
    static let jitterBroadcastMilliseconds = number("JITTER_BROADCAST_MS", or: 45)
    static let stormClients = number("STORM_CLIENTS", or: 500)
    static let slowReaders = number("SLOW_READERS", or: 200)
    /// Steps of the random life of holds, for each of its seeds.
    static let holdSteps = number("HOLD_STEPS", or: 400)

    /// Another seed gives another run.
    static let seed = UInt64(number("SEED", or: 20_261_121))

    private static func number(_ name: String, or fallback: Int) -> Int {
        ProcessInfo.processInfo.environment["RINGSIDE_TORTURE_\(name)"].flatMap { Int($0) } ?? fallback
    }
}
