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
    private let visit: Audience.Visit
    private var groupIndex = 0
    /// Watchers of the group still to be served, at most.
    private var remaining = Int.max
    private var chunks: [ByteBuffer] = []
    /// The same for a group with deltas, which has two kinds of them.
    private var deltas: DeltaChunks?

    /// - Parameter number: tells it from the others of its loop; greater than zero.
    init(of events: [Broadcast], after previous: Broadcast?, on channel: WatchedChannel, number: UInt64) {
        self.channel = channel
        self.events = events
        self.previous = previous
        visit = Audience.Visit(
            delivery: number, firstOffset: events.first { !$0.isEphemeral }?.offset ?? .max,
            lastOffset: events.last { !$0.isEphemeral }?.offset ?? 0
        )
    }

    /// When the first of the events was handed to the event loops; nil for one that was read from the log.
    var handedOverAt: NIODeadline? { events.first?.handedOverAt }

    /// Goes on until everyone is served or the budget is spent.
    ///
    /// - Parameter isAlone: nothing else is delivered in this turn, so a write now is the one write of the turn.
    /// - Returns: whether everyone is served.
    mutating func advance(budget: inout Int, isAlone: Bool, _ outboxes: inout OutboxList) -> Bool {
        while groupIndex < channel.audience.groups.count {
            let terms = channel.audience.groups[groupIndex].terms
            if chunks.isEmpty, terms.isUniform {
                chunks = FrameChunks.joined(events.filter(terms.takes).map { $0.frame(for: terms.format) })
            } else if terms.hasDeltas, deltas == nil {
                deltas = DeltaChunks(of: events.filter(terms.takes), after: previous, for: terms.format)
            }
            // From the end, because a watcher that leaves in between is replaced by the last one: nobody unserved can move behind us.
            var index = chunks.isEmpty && terms.isUniform ? 0 : min(remaining, channel.audience.groups[groupIndex].seats.count)
            while index > 0, budget > 0 {
                var begun = 0
                if isAlone, chunks.count == 1, let frame = chunks.first {
                    begun = channel.audience.sendDirectly(frame, visit, group: groupIndex, before: &index, budget: &budget)
                    guard index > 0, budget > 0 else { break }
                }
                index -= 1
                budget -= 1
                serve(index, terms, begun, isAlone, &outboxes)
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

    /// - Parameter begun: what of the only chunk the watcher has already taken.
    private mutating func serve(_ index: Int, _ terms: Audience.Terms, _ begun: Int, _ isAlone: Bool, _ outboxes: inout OutboxList) {
        guard let (subscription, offset) = channel.audience.visit(group: groupIndex, seat: index, visit) else { return }
        let outbox = subscription.outbox
        guard !terms.isSelective, offset < visit.firstOffset else {
            return serveOneByOne(subscription, after: offset, terms, &outboxes)
        }
        guard !terms.hasDeltas else { return serveDeltas(subscription, &outboxes) }
        if begun > 0, var rest = chunks.first {
            rest.moveReaderIndex(forwardBy: begun)
            outbox.send(rest: rest)
            outboxes.observe(outbox)
        } else if isAlone, !outbox.isDirty {
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
        outboxes.markDirty(subscription.outbox)
    }

    /// For those who came after the first of the events and have it from the start of the subscription, and for those who don't want all.
    ///
    /// - Parameter offset: up to where they have everything.
    private func serveOneByOne(
        _ subscription: Subscription, after offset: UInt64, _ terms: Audience.Terms, _ outboxes: inout OutboxList
    ) {
        var previous = self.previous
        for event in events where terms.takes(event) {
            defer { if !event.isJoinOrLeave { previous = event } }
            guard event.isEphemeral || event.offset > offset else { continue }
            if terms.isSelective {
                subscription.sendSelected(event, after: previous)
            } else {
                subscription.send(event, after: previous)
            }
            outboxes.markDirty(subscription.outbox)
        }
    }
}
