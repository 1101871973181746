import Core
import Wire

/// Who watches which channel, and what a channel has to do at its time.
extension HubShard {
    /// Puts a connection among the waiters of a channel; ``begin(_:since:)`` must follow.
    func subscribe(
        _ subscriber: any Subscriber, _ outbox: Outbox, to name: String, _ traits: SubscriptionTraits = SubscriptionTraits()
    ) -> Subscription {
        let channel = channels.watch(name) { follow(name) }
        let subscription = Subscription(
            channel: channel, ticket: channels.nextTicket(), outbox: outbox, subscriber: subscriber, traits: traits)
        channel.wait(subscription)
        return subscription
    }

    /// Brings a new subscription to its start; apart from ``subscribe(_:_:to:_:)`` because the answer may come at once.
    func begin(_ subscription: Subscription, since: StreamPosition?) {
        let (channel, ticket, traits) = (subscription.channel, subscription.ticket, subscription.traits)
        guard traits.hasLog else { return beginWithoutLog(subscription, since: since) }
        perform(channel.stream.subscribe(ticket: ticket, since: since, isCache: traits.isCache), channel)
        checkLater(channel)
    }

    /// Ends a subscription, begun or not. Nothing is delivered to it after this.
    func unsubscribe(_ subscription: Subscription) {
        let channel = subscription.channel
        if channel.takeWaiting(subscription.ticket) != nil {
            channel.stream.cancel(ticket: subscription.ticket)
        } else {
            channel.audience.remove(subscription)
        }
        lingerIfUnwatched(channel)
    }

    func lingerIfUnwatched(_ channel: WatchedChannel) {
        guard !channel.isWatched, channel.lingerDue == nil, channels[channel.name] === channel else { return }
        guard channels.linger(channel, until: now + settings.lingerSeconds, most: settings.lingeringChannelsMax) else {
            figures.hit(.lingeringChannels)
            return forget(channel)
        }
        setAlarm(channel)
    }

    /// Reads the channel's log again after it failed.
    func retry(_ channel: WatchedChannel, afterSeconds seconds: Int) {
        channel.retryDue = now + seconds
        setAlarm(channel)
    }

    private func follow(_ name: String) -> WatchedChannel {
        let channel = WatchedChannel(name: name, limits: settings.streams)
        channel.alarm.action = { [weak self, weak channel] in
            if let channel { self?.timeReached(channel) }
        }
        return channel
    }

    private func forget(_ channel: WatchedChannel) {
        cancel(channel.alarm)
        channels.remove(channel)
    }

    private func setAlarm(_ channel: WatchedChannel) {
        // An alarm may not outlive its channel, which nobody may have waited for.
        guard channels[channel.name] === channel else { return }
        if let due = channel.nextDue { set(channel.alarm, at: due) } else { cancel(channel.alarm) }
    }

    private func timeReached(_ channel: WatchedChannel) {
        if let due = channel.lingerDue, due <= now { return forget(channel) }
        if let due = channel.retryDue, due <= now {
            channel.retryDue = nil
            perform(channel.stream.retry(), channel)
        }
        if let due = channel.checkDue, due <= now {
            channel.checkDue = nil
            if channel.isWatched {
                perform(channel.stream.verify(), channel)
                checkLater(channel)
            }
        }
        setAlarm(channel)
    }

    private func checkLater(_ channel: WatchedChannel) {
        let seconds = settings.positionCheckSeconds
        guard channel.checkDue == nil, seconds > 0 else { return }
        // Channels that many came back to at once are not to be read at once for ever.
        channel.checkDue = now + settings.random((seconds + 1) / 2..<seconds + 1)
        setAlarm(channel)
    }

    /// Nothing was missed that anybody could still have.
    private func beginWithoutLog(_ subscription: Subscription, since: StreamPosition?) {
        let channel = subscription.channel
        _ = channel.takeWaiting(subscription.ticket)
        let start = StreamStart(top: StreamPosition(epoch: "", offset: 0), recovery: since == nil ? .fresh : .unrecovered)
        begin(subscription, at: start)
    }
}
