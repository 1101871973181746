/// The bounds of what one event loop keeps of one channel.
struct StreamLimits: Sendable {
    /// Recent events kept for those who come back; older ones are read from the log.
    var recentEventsMax = 256
    /// Beyond it the oldest recent events go first.
    var recentBytesMax = 262_144
    /// The most events a client gets when it resumes; who missed more loads a fresh snapshot instead.
    var recoveryEventsMax = 10_000
    /// The same in bytes.
    var recoveryBytesMax = 4_194_304
    /// Events kept while the log is read. When full they are dropped, and read from the log after all.
    var earlyEventsMax = 1_024
    var earlyBytesMax = 1_048_576
    /// Events that one read of the log asks for: what is further away takes several.
    var pageEventsMax = 300
    /// Failed attempts to close a gap, one after the other, before the watchers are told that there is one.
    var failuresMax = 5
    /// The longest pause between two attempts.
    var retrySecondsMax = 8

    /// What holding on to the events of a recovery may cost, see ``Broadcast/retainedBytes``.
    var recoveryRetainedBytesMax: Int { 2 * recoveryBytesMax }
}
