import NIOCore

/// Everything that waited on one channel, on its way to everyone on this event loop who watches it, and how far it got.
///
/// The frames are laid end to end once and the bytes shared, so a watcher costs one write however many events there are.
struct Delivery {
    private let channel: WatchedChannel
    /// In order, at least one.
    private let events: [Broadcast]
    /// The publication before the first of them; nil where there is none that is known.
    private let previous: Broadcast?
    /// Tells this delivery from the others of its loop.
    private let number: UInt64
    private let firstOffset: UInt64
    private let lastOffset: UInt64
    private var groupIndex = 0
    /// Watchers of the group still to be served, at most.
    private var remaining = Int.max
    private var chunks: [ByteBuffer] = []
    /// The same for a group with deltas, which has two kinds of them.
    private var deltas: DeltaChunks?

    init(of events: [Broadcast], after previous: Broadcast?, on channel: WatchedChannel, number: UInt64) {
        self.channel = channel
        self.events = events
        self.previous = previous
        self.number = number
        firstOffset = events.first { !$0.isEphemeral }?.offset ?? .max
        lastOffset = events.last { !$0.isEphemeral }?.offset ?? 0
    }

    /// When the first of the events was handed to the event loops; nil for one that was read from the log.
    var handedOverAt: NIODeadline? { events.first?.handedOverAt }

    /// Goes on until everyone is served or the budget is spent.
    ///
    /// - Parameter isAlone: nothing else is delivered in this turn, so a write now is the one write of the turn.
    /// - Returns: whether everyone is served.
    mutating func advance(budget: inout Int, isAlone: Bool, _ outboxes: inout OutboxList) -> Bool {
        while groupIndex < channel.audience.groups.count {
            let group = channel.audience.groups[groupIndex]
            let isUniform = group.isUniform
            if chunks.isEmpty, isUniform { chunks = FrameChunks.joined(events.filter(group.takes).map { $0.frame(for: group.format) }) }
            if group.hasDeltas, deltas == nil {
                deltas = DeltaChunks(of: events.filter(group.takes), after: previous, for: group.format)
            }
            // From the end, because a watcher that leaves in between is replaced by the last one: nobody unserved can move behind us.
            var index = chunks.isEmpty && isUniform ? 0 : min(remaining, group.subscriptions.count)
            while index > 0, budget > 0 {
                index -= 1
                budget -= 1
                serve(group.subscriptions[index], group, isAlone, &outboxes)
            }
            remaining = index
            guard index == 0 else { return false }
            groupIndex += 1
            remaining = .max
            chunks = []
            deltas = nil
        }
        return true
    }

    @inline(__always)
    private mutating func serve(_ subscription: Subscription, _ group: Audience.Group, _ isAlone: Bool, _ outboxes: inout OutboxList) {
        // Who has moved to an earlier place since comes by twice.
        guard subscription.lastDelivery != number else { return }
        subscription.lastDelivery = number
        let outbox = subscription.outbox
        guard !group.isSelective, subscription.offset < firstOffset else {
            return serveOneByOne(subscription, group, &outboxes)
        }
        guard !group.hasDeltas else { return serveDeltas(subscription, &outboxes) }
        if lastOffset > 0 { subscription.offset = lastOffset }
        if isAlone, !outbox.isDirty {
            for chunk in chunks where !outbox.sendNow(frame: chunk) { outboxes.observe(outbox) }
        } else {
            for chunk in chunks { outbox.send(frame: chunk) }
            outboxes.markDirty(outbox)
        }
    }

    /// For those who were granted deltas, in the order of the log from its first event on.
    private mutating func serveDeltas(_ subscription: Subscription, _ outboxes: inout OutboxList) {
        guard let last = deltas?.lastPublication else { return }
        for chunk in deltas?.chunks(for: subscription) ?? [] { subscription.outbox.send(frame: chunk) }
        subscription.noteSent(last)
        if lastOffset > 0 { subscription.offset = lastOffset }
        outboxes.markDirty(subscription.outbox)
    }

    /// For those who came after the first of the events and have it from the start of the subscription, and for those who don't want all.
    private func serveOneByOne(_ subscription: Subscription, _ group: Audience.Group, _ outboxes: inout OutboxList) {
        var previous = self.previous
        for event in events where group.takes(event) {
            defer { if !event.isJoinOrLeave { previous = event } }
            guard event.isEphemeral || event.offset > subscription.offset else { continue }
            if group.isSelective {
                subscription.sendSelected(event, after: previous)
            } else {
                subscription.send(event, after: previous)
            }
            outboxes.markDirty(subscription.outbox)
        }
        subscription.offset = max(subscription.offset, lastOffset)
    }
}
