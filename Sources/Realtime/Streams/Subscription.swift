/// One connection's place in one channel. Lives on the connection's event loop.
final class Subscription {
    let channel: WatchedChannel
    /// Orders the waiters of a channel.
    let ticket: Int
    let outbox: Outbox
    unowned let subscriber: any Subscriber
    /// The last event that was written to the connection; what is not newer is skipped, so that a delivery in several turns reaches
    /// everyone once, whoever comes and goes in between.
    var offset: UInt64 = 0
    /// The place among the watchers, nil while the subscription waits for its start.
    fileprivate(set) var index: Int?

    init(channel: WatchedChannel, ticket: Int, outbox: Outbox, subscriber: any Subscriber) {
        self.channel = channel
        self.ticket = ticket
        self.outbox = outbox
        self.subscriber = subscriber
    }
}

/// A connection that subscribes. Called on its event loop.
protocol Subscriber: AnyObject {
    /// The subscription begins; what is delivered from now on comes after `start`.
    func started(_ subscription: Subscription, at start: StreamStart)
    /// The subscription could not begin: the log could not be read. It may work later.
    func failed(_ subscription: Subscription)
    /// The subscription has ended, because there would be a gap.
    func lost(_ subscription: Subscription)
}

/// Who watches a channel on one event loop, by the format they get.
struct Audience {
    struct Group {
        let format: PublicationFormat
        fileprivate(set) var subscriptions: [Subscription] = []
    }

    private(set) var groups: [Group] = []

    var count: Int { groups.reduce(0) { $0 + $1.subscriptions.count } }

    mutating func insert(_ subscription: Subscription) {
        let group = index(of: subscription.outbox.format)
        subscription.index = groups[group].subscriptions.count
        groups[group].subscriptions.append(subscription)
    }

    /// The last one takes the place of the one removed.
    mutating func remove(_ subscription: Subscription) {
        guard let index = subscription.index else { return }
        let group = self.index(of: subscription.outbox.format)
        groups[group].subscriptions.swapAt(index, groups[group].subscriptions.count - 1)
        groups[group].subscriptions.removeLast()
        if index < groups[group].subscriptions.count { groups[group].subscriptions[index].index = index }
        subscription.index = nil
    }

    mutating func removeAll() -> [Subscription] {
        let everyone = groups.flatMap(\.subscriptions)
        for subscription in everyone { subscription.index = nil }
        groups.removeAll()
        return everyone
    }

    private mutating func index(of format: PublicationFormat) -> Int {
        if let index = groups.firstIndex(where: { $0.format.kind == format.kind }) { return index }
        groups.append(Group(format: format))
        return groups.count - 1
    }
}
