import Core
import NIOCore
import Wire

/// What a session has to do with the channels of its event loop.
extension Session {
    func join(_ channel: String, _ since: StreamPosition?, _ traits: SubscriptionTraits) {
        guard let since, traits.hasLog else { return begin(channel, since, traits) }
        recoveries.wait(channel, since, traits)
        recoverNext()
    }

    private func begin(_ channel: String, _ since: StreamPosition?, _ traits: SubscriptionTraits) {
        let subscription = shard.subscribe(self, outbox, to: channel, traits)
        subscriptions.append(subscription)
        shard.begin(subscription, since: since)
    }

    /// Begins the next subscription that recovers, once the one before has brought what it had to and the client has taken most of that.
    private func recoverNext() {
        guard recoveries.isNextReady, !isCatchingUp, hasRoomToRecover(), let next = recoveries.beginNext() else { return }
        begin(next.channel, next.since, next.traits)
    }

    private func hasRoomToRecover() -> Bool {
        let queueBytesMax = shard.settings.recoveryQueueBytesMax
        if unsentBytes >= queueBytesMax {
            sendFrame()
            outbox.flush()
        }
        guard unsentBytes >= queueBytesMax else {
            recoveries.pause.reset()
            return true
        }
        shard.observe(outbox)
        guard !recoveries.isPausing else { return false }
        recoveries.isPausing = true
        shard.eventLoop.assumeIsolated().scheduleTask(in: recoveries.pause.next()) { [weak self] in
            guard let self else { return }
            recoveries.isPausing = false
            recoverNext()
        }
        return false
    }

    /// The channel's subscription has begun, or never will.
    private func recovered(_ channel: String) {
        recoveries.end(channel)
        goOnRecovering()
    }

    private func goOnRecovering() {
        recoverNext()
        catchUpNext()
    }

    /// Something is still to be told of what was missed.
    private var isCatchingUp: Bool { takesPushes && subscriptions.contains { $0.catchUp?.isBehind == true } }

    /// Those of a connection that had to begin first are told what they missed one after the other, too.
    private func catchUpNext() {
        guard takesPushes, let next = subscriptions.first(where: { $0.catchUp?.isBehind == true }) else { return }
        shard.catchUpSoon(next)
    }

    func leave(_ channel: String) {
        defer { recovered(channel) }
        guard let subscription = forget(channel) else { return }
        disappear(from: subscription, mayReturn: false)
        shard.unsubscribe(subscription)
    }

    func appear(in channel: String, _ info: ClientInfo, _ options: ChannelOptions) {
        // A connection hears its own coming also where it begins with the channel, which may be lost instead.
        if let waiting = subscription(of: channel) { shard.catchUpNow(waiting) }
        guard let subscription = subscription(of: channel) else { return }
        if let catchUp = subscription.catchUp, !catchUp.isBehind {
            catchUp.coming = (info, options)
            return
        }
        guard shard.presence.join(channel, info, options) else { return }
        subscription.presence = options
    }

    func disappear(from subscription: Subscription, mayReturn: Bool) {
        guard let options = subscription.presence else { return }
        subscription.presence = nil
        shard.presence.leave(subscription.channel.name, client: state.client, options, mayReturn: mayReturn)
    }

    private func subscription(of channel: String) -> Subscription? {
        subscriptions.first { $0.channel.name == channel }
    }

    private func forget(_ channel: String) -> Subscription? {
        guard let index = subscriptions.firstIndex(where: { $0.channel.name == channel }) else { return nil }
        return subscriptions.remove(at: index)
    }

    func readHistory(_ id: UInt32, _ request: HistoryRequest) {
        let log = shard.log
        shard.figures.logReads += 1
        shard.tasks.run {
            try? await log.read(channel: request.channel, after: request.since?.offset, limit: request.limit, reverse: request.reverse)
        } then: { [self] page in
            step { state, _ in state.historyRead(id: id, request, page) }
        }
    }
}

extension Session: Subscriber {
    /// A client that gets a push before it knows that it is connected takes it for one of a channel that it has nothing to do with.
    var takesPushes: Bool { state.isConnected }

    var answerSize: AnswerSize { state.answerSize }

    func started(_ subscription: Subscription, at start: StreamStart) {
        shard.figures.started(start)
        // First, because the step may begin the channel once more.
        if subscription.catchUp?.next == nil { recoveries.end(subscription.channel.name) }
        goOn { $0.joined(subscription.channel.name, at: start, second: $1) }
    }

    /// The step may be the one with which the connection begins: those of its channels that have begun before wait for it.
    private func goOn(_ advance: (inout SessionState, _ second: Int) -> [SessionAction]) {
        let wasConnected = takesPushes
        step(advance)
        if !wasConnected, takesPushes {
            for waiting in subscriptions where waiting.catchUp?.isBehind == false { shard.catchUpSoon(waiting) }
        }
        goOnRecovering()
    }

    func caughtUp(_ subscription: Subscription, _ catchUp: CatchUp) {
        if let (info, options) = catchUp.coming { appear(in: subscription.channel.name, info, options) }
        recovered(subscription.channel.name)
    }

    func failed(_ subscription: Subscription) {
        _ = forget(subscription.channel.name)
        recoveries.end(subscription.channel.name)
        goOn { $0.joinFailed(subscription.channel.name, at: $1) }
    }

    func lost(_ subscription: Subscription) {
        if let subscription = forget(subscription.channel.name) { disappear(from: subscription, mayReturn: true) }
        step { state, _ in state.lost(subscription.channel.name) }
        recovered(subscription.channel.name)
    }
}
