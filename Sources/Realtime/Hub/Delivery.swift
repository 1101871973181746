/// An event on its way to everyone on this event loop who watches its channel, and how far it got.
struct Delivery {
    let channel: WatchedChannel
    private let broadcast: Broadcast
    private var groupIndex = 0
    /// Watchers of the group still to be served, at most.
    private var remaining = Int.max

    init(of broadcast: Broadcast, on channel: WatchedChannel) {
        self.channel = channel
        self.broadcast = broadcast
    }

    /// Goes on until everyone is served or the budget is spent.
    ///
    /// - Returns: whether everyone is served.
    mutating func advance(budget: inout Int, _ outboxes: inout OutboxList) -> Bool {
        let offset = broadcast.offset
        while groupIndex < channel.audience.groups.count {
            let group = channel.audience.groups[groupIndex]
            let frame = broadcast.frame(for: group.format)
            // From the end, because a watcher that leaves in between is replaced by the last one: nobody unserved can move behind us.
            var index = min(remaining, group.subscriptions.count)
            while index > 0, budget > 0 {
                index -= 1
                let subscription = group.subscriptions[index]
                guard subscription.offset < offset else { continue }
                subscription.offset = offset
                subscription.outbox.send(frame: frame)
                outboxes.markDirty(subscription.outbox)
                budget -= 1
            }
            remaining = index
            guard index == 0 else { return false }
            groupIndex += 1
            remaining = .max
        }
        return true
    }
}
