/// One connection's place in one channel. Lives on the connection's event loop.
final class Subscription {
    let channel: WatchedChannel
    /// Orders the waiters of a channel.
    var ticket: Int
    let outbox: Outbox
    unowned let subscriber: any Subscriber
    /// With deltas: the offset of the publication that the connection had last, which the next one may be told from. Zero while it had
    /// none since it subscribed, or one that has no place in the log.
    private(set) var deltaBase: UInt64 = 0
    /// The latest publication of a cache channel, while the peer is too slow to take every one of them.
    private var latest: Broadcast?
    /// The outbox knows that there is, or was, one.
    private var isHeld = false
    let traits: SubscriptionTraits
    /// Set from its start until it is live, where that takes a while.
    var catchUp: CatchUp?
    /// Set while others see the connection in the channel.
    var presence: ChannelOptions?
    /// The place among the watchers, nil while the subscription waits for its start. Written by the ``Audience`` alone.
    var index: Int?

    init(
        channel: WatchedChannel, ticket: Int, outbox: Outbox, subscriber: any Subscriber,
        traits: SubscriptionTraits = SubscriptionTraits()
    ) {
        self.channel = channel
        self.ticket = ticket
        self.outbox = outbox
        self.subscriber = subscriber
        self.traits = traits
    }

    /// Where it begins.
    func begin(at start: StreamStart) {
        // What the client had before it subscribed it may have lost; only what it is told with the answer is a base.
        if case .recovered(let missed) = start.recovery, let last = missed.last { noteSent(last) }
    }

    /// Sends an event of the log to a subscriber that is behind everybody else.
    ///
    /// - Parameter previous: the publication before it on this channel.
    func tell(_ event: Broadcast, after previous: Broadcast?) {
        if let filter = traits.filter, let publication = event.publication, !filter.matches(publication.tags) { return }
        send(event, after: previous)
    }

    /// Sends what the subscriber is to have of it. Of a cache channel only the latest is kept while anything waits for the peer: what is
    /// older is of no use to anybody.
    ///
    /// - Parameter previous: the publication before it on this channel.
    func sendSelected(_ event: Broadcast, after previous: Broadcast?) {
        if let publication = event.publication {
            if let filter = traits.filter, !filter.matches(publication.tags) { return }
            guard !traits.isCache || !outbox.hasQueuedBytes else { return hold(event) }
            // What was held is older: after this it would bring an old state back.
            latest = nil
        }
        send(event, after: previous)
    }

    /// - Parameter previous: the publication before it on this channel, whether the subscriber had it or not.
    func send(_ event: Broadcast, after previous: Broadcast?) {
        guard traits.hasDeltas else { return outbox.send(frame: event.frame(for: outbox.format)) }
        outbox.send(frame: event.deltaFrame(for: outbox.format, after: hasDeltaBase(previous, of: event) ? previous : nil))
        noteSent(event)
    }

    /// Whether a publication may be sent as its difference from the one before.
    func hasDeltaBase(_ previous: Broadcast?, of event: Broadcast) -> Bool {
        guard let previous, previous.precedes(event) else { return false }
        return deltaBase == previous.offset
    }

    /// - Parameter event: the last that was sent.
    func noteSent(_ event: Broadcast) {
        // An event of its moment has the offset zero, and is in no log that others know it from.
        if traits.hasDeltas, !event.isJoinOrLeave { deltaBase = event.offset }
    }

    private func hold(_ event: Broadcast) {
        latest = event
        guard !isHeld else { return }
        isHeld = true
        outbox.hold(self)
    }

    /// The peer has taken everything, so the latest may follow.
    func sendHeld() {
        isHeld = false
        guard let latest else { return }
        self.latest = nil
        // It may have left the channel since.
        if index != nil { send(latest, after: nil) }
    }
}

/// A connection that subscribes. Called on its event loop.
protocol Subscriber: AnyObject {
    /// Whether the connection is told of channels yet. Until it is, its subscriptions wait where they began.
    var takesPushes: Bool { get }
    /// What was put already into the answer that the subscription's own will be a part of.
    var answerSize: AnswerSize { get }
    /// The subscription begins; what is delivered from now on comes after `start`. Where it has a ``Subscription/catchUp``, it is not live yet.
    func started(_ subscription: Subscription, at start: StreamStart)
    /// The subscription could not begin: the log could not be read. It may work later.
    func failed(_ subscription: Subscription)
    /// A subscription that was behind, or waited for its connection, is live.
    func caughtUp(_ subscription: Subscription, _ catchUp: CatchUp)
    /// The subscription has ended, because there would be a gap.
    func lost(_ subscription: Subscription)
}

extension Subscriber {
    var answerSize: AnswerSize { AnswerSize() }
}
