/// A channel that somebody on this event loop watches, or watched a moment ago.
final class WatchedChannel {
    let name: String
    var stream: ChannelStream
    var audience = Audience()
    /// By ticket: those whose start the stream still owes.
    var waiting: [Int: Subscription] = [:]
    /// Fires when the next attempt to read the log is due.
    let retry = Alarm()
    /// Fires when nobody has come back in time.
    let linger = Alarm()

    init(name: String, limits: StreamLimits) {
        self.name = name
        stream = ChannelStream(channel: name, limits: limits)
    }

    var isWatched: Bool { !waiting.isEmpty || audience.count > 0 }
}
