/// A channel that somebody on this event loop watches, or watched a moment ago.
final class WatchedChannel {
    let name: String
    var stream: ChannelStream
    var audience = Audience()
    /// By ticket: those whose start the stream still owes, and those who have begun and are behind.
    private(set) var waiting: [Int: Subscription] = [:]
    /// What waits to be delivered while a ``delivery`` is under way or others have their turn.
    var backlog: [Broadcast] = []
    var delivery: Delivery?
    /// The last publication that a delivery began with or went beyond: what the next one may be told as a difference from.
    var lastPublication: Broadcast?
    /// It stands in the ``DeliveryQueue``.
    var isReady = false

    /// Fires when the first of the times below has come; one for all of them, because most channels have a single watcher.
    let alarm = Alarm()
    /// When the log is to be read again after it failed.
    var retryDue: Int?
    /// When nobody has come back in time.
    var lingerDue: Int?
    /// When the log's end is to be compared with what was delivered.
    var checkDue: Int?

    init(name: String, limits: StreamLimits) {
        self.name = name
        stream = ChannelStream(channel: name, limits: limits)
    }

    func wait(_ subscription: Subscription) { waiting[subscription.ticket] = subscription }

    func isWaiting(_ subscription: Subscription) -> Bool { waiting[subscription.ticket] === subscription }

    /// - Returns: nil where nobody of that ticket waits.
    func takeWaiting(_ ticket: Int) -> Subscription? {
        let subscription = waiting.removeValue(forKey: ticket)
        // Most channels have one watcher for hours: it keeps no table for it.
        if waiting.isEmpty { waiting = [:] }
        return subscription
    }

    var hasSomethingToDeliver: Bool { delivery != nil || !backlog.isEmpty }

    var isWatched: Bool { !waiting.isEmpty || audience.count > 0 }

    var nextDue: Int? { [retryDue, lingerDue, checkDue].compactMap(\.self).min() }
}
