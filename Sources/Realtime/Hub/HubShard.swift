import Core
import DequeModule
import Logging
import NIOCore
import Wire

/// One event loop's part of the hub: its connections, the channels they watch, and one timer for all of them.
///
/// Everything here happens on that loop, so nothing is locked; threads that commit reach it through the ``ShardInbox``.
final class HubShard {
    let eventLoop: any EventLoop
    let settings: HubSettings
    let tasks: LoopTasks
    let ledger: ConnectionLedger
    let authenticator: any Authenticator
    let policy: any SubscriptionPolicy
    let log: any EventLog
    let time: any TimeSource

    private let inbox: ShardInbox
    private let logger: Logger
    private let start: NIODeadline

    private var channels: [String: WatchedChannel] = [:]
    private var lingeringCount = 0
    private var tickets = 0
    private var connections = ConnectionIndex()

    private var wheel = TimingWheel()
    private var arrivals = Deque<Arrival>()
    private var deliveries = Deque<Delivery>()
    /// The rest of a large audience is served in a later turn.
    private(set) var isContinuing = false
    private var outboxes = OutboxList()

    init(eventLoop: any EventLoop, inbox: ShardInbox, ledger: ConnectionLedger, services: HubServices, settings: HubSettings) {
        self.eventLoop = eventLoop
        self.inbox = inbox
        self.ledger = ledger
        self.settings = settings
        tasks = LoopTasks(eventLoop: eventLoop)
        authenticator = services.authenticator
        policy = services.policy
        log = services.log
        time = services.time
        logger = services.logger
        start = eventLoop.now
    }

    // MARK: Time

    /// Whole seconds since the shard began; what ``set(_:at:)`` counts in.
    var now: Int { wheel.now }

    func set(_ alarm: Alarm, at second: Int) { wheel.set(alarm, at: second) }

    func cancel(_ alarm: Alarm) { wheel.cancel(alarm) }

    /// Called about once a second.
    func tick() {
        let passed = Int((eventLoop.now - start).nanoseconds / 1_000_000_000)
        wheel.advance(to: passed)
        while let alarm = wheel.nextRinging() { alarm.action?() }
        outboxes.tick(now: eventLoop.now)
        pump()
    }

    // MARK: Connections

    func add(_ connection: any HubConnection) {
        connections.insert(connection)
        ledger.opened()
    }

    /// Makes a connection known by its user, so that a revocation finds it.
    ///
    /// - Returns: false when the person has too many connections.
    func signIn(_ connection: any HubConnection, as user: UserID) -> Bool {
        guard ledger.signedIn(user) else { return false }
        connections.signIn(connection, as: user)
        return true
    }

    /// - Parameter user: The one the connection had signed in as.
    func remove(_ connection: any HubConnection, user: UserID?) {
        if connections.remove(connection, user: user) { ledger.closed(user) }
    }

    /// Spreads the end of all connections over a time, in random order: their clients come back at once, and all of them together would
    /// be the next server's storm.
    func drain(overSeconds seconds: Int) {
        for connection in connections.all {
            if seconds > 0 {
                connection.drain(at: now + 1 + settings.random(0..<seconds))
            } else {
                connection.close(.shutdown)
            }
        }
    }

    private func revoke(_ revocation: Revocation) {
        let reason: Disconnect = revocation.scope == .tokens ? .stateInvalidated : .invalidToken
        for connection in connections.connections(of: revocation.userID) {
            if let caller = connection.caller, revocation.covers(caller) { connection.close(reason) }
        }
    }

    private func recheckCallers() {
        for connection in connections.signedIn {
            if let caller = connection.caller, !authenticator.isStillValid(caller) { connection.close(.invalidToken) }
        }
    }

    // MARK: Channels

    /// Puts a connection among the waiters of a channel; ``begin(_:since:)`` must follow.
    func subscribe(_ subscriber: any Subscriber, _ outbox: Outbox, to name: String) -> Subscription {
        let channel = watched(name)
        tickets += 1
        let subscription = Subscription(channel: channel, ticket: tickets, outbox: outbox, subscriber: subscriber)
        channel.waiting[tickets] = subscription
        return subscription
    }

    /// Brings a new subscription to its start; apart from ``subscribe(_:_:to:)`` because the answer may come at once.
    func begin(_ subscription: Subscription, since: StreamPosition?) {
        perform(subscription.channel.stream.subscribe(ticket: subscription.ticket, since: since), subscription.channel)
    }

    /// Ends a subscription, begun or not. Nothing is delivered to it after this.
    func unsubscribe(_ subscription: Subscription) {
        let channel = subscription.channel
        if channel.waiting.removeValue(forKey: subscription.ticket) != nil {
            channel.stream.cancel(ticket: subscription.ticket)
        } else {
            channel.audience.remove(subscription)
        }
        lingerIfUnwatched(channel)
    }

    private func watched(_ name: String) -> WatchedChannel {
        if let channel = channels[name] {
            if channel.linger.due != nil {
                wheel.cancel(channel.linger)
                lingeringCount -= 1
            }
            return channel
        }
        let channel = WatchedChannel(name: name, limits: settings.streams)
        channel.retry.action = { [weak self, weak channel] in
            guard let self, let channel else { return }
            perform(channel.stream.retry(), channel)
        }
        channel.linger.action = { [weak self, weak channel] in
            guard let self, let channel else { return }
            lingeringCount -= 1
            forget(channel)
        }
        channels[name] = channel
        return channel
    }

    private func lingerIfUnwatched(_ channel: WatchedChannel) {
        guard !channel.isWatched, channel.linger.due == nil, channels[channel.name] === channel else { return }
        guard lingeringCount < settings.lingeringChannelsMax else { return forget(channel) }
        lingeringCount += 1
        wheel.set(channel.linger, at: now + settings.lingerSeconds)
    }

    private func forget(_ channel: WatchedChannel) {
        wheel.cancel(channel.retry)
        channels[channel.name] = nil
    }

    /// How many channels the shard holds on to, watched or lingering.
    var channelCount: Int { channels.count }

    // MARK: What streams ask for

    private func perform(_ actions: [ChannelStream.Action], _ channel: WatchedChannel) {
        for action in actions {
            switch action {
            case .read(let read, let id): self.read(read, id, channel)
            case .deliver(let broadcast): deliveries.append(Delivery(of: broadcast, on: channel))
            case .answer(let ticket, let start):
                guard let subscription = channel.waiting.removeValue(forKey: ticket) else { break }
                subscription.offset = start.top.offset
                channel.audience.insert(subscription)
                subscription.subscriber.started(subscription, at: start)
            case .fail(let ticket):
                guard let subscription = channel.waiting.removeValue(forKey: ticket) else { break }
                lingerIfUnwatched(channel)
                subscription.subscriber.failed(subscription)
            case .retry(let seconds): wheel.set(channel.retry, at: now + seconds)
            case .lost: lose(channel)
            }
        }
    }

    private func read(_ read: ChannelStream.LogRead, _ id: Int, _ channel: WatchedChannel) {
        let log = self.log
        let name = channel.name
        tasks.run {
            try? await log.read(channel: name, read)
        } then: { [weak self] page in
            guard let self else { return }
            if let page {
                perform(channel.stream.completed(read: id, page), channel)
            } else {
                let namespace = ChannelName.namespace(of: name)
                logger.warning("The log of a channel could not be read", metadata: ["channel.namespace": "\(namespace)"])
                perform(channel.stream.failed(read: id), channel)
            }
            pump()
        }
    }

    private func lose(_ channel: WatchedChannel) {
        // Offsets of what is still queued may belong to another epoch than those of a subscription that begins anew.
        deliveries.removeAll { $0.channel === channel }
        for subscription in channel.audience.removeAll() { subscription.subscriber.lost(subscription) }
        lingerIfUnwatched(channel)
    }

    // MARK: Delivering

    /// Called when the inbox has woken the loop, and whenever a stream has something to deliver.
    ///
    /// One event after the other goes to everyone who watches its channel, up to a number of deliveries; then others have their turn.
    func pump() {
        guard !isContinuing else { return }
        var budget = settings.deliveriesPerTurnMax
        while budget > 0 {
            if var delivery = deliveries.popFirst() {
                if !delivery.advance(budget: &budget, &outboxes) { deliveries.prepend(delivery) }
            } else if let arrival = nextArrival() {
                budget -= 1
                handle(arrival)
            } else {
                break
            }
        }
        outboxes.flush()
        if budget <= 0 { continueLater() }
    }

    /// Looks after what was sent to a connection without ``pump()``.
    func observe(_ outbox: Outbox) { outboxes.observe(outbox) }

    private func nextArrival() -> Arrival? {
        if arrivals.isEmpty { arrivals = inbox.take() }
        return arrivals.popFirst()
    }

    private func handle(_ arrival: Arrival) {
        switch arrival {
        case .event(let broadcast):
            guard let channel = channels[broadcast.channel] else { break }
            perform(channel.stream.receive(broadcast), channel)
        case .moved(let name, let position):
            guard let channel = channels[name] else { break }
            perform(channel.stream.announce(position), channel)
        case .movedAnywhere:
            for channel in Array(channels.values) { perform(channel.stream.checkLog(), channel) }
        case .revocation(let revocation): revoke(revocation)
        case .recheckCallers: recheckCallers()
        }
    }

    private func continueLater() {
        isContinuing = true
        // A task for right now would run before the loop looks at its sockets again.
        eventLoop.assumeIsolated().scheduleTask(in: .microseconds(20)) { [weak self] in
            self?.isContinuing = false
            self?.pump()
        }
    }
}

extension EventLog {
    fileprivate func read(channel: String, _ read: ChannelStream.LogRead) async throws -> LogPage {
        switch read {
        case .top: try await self.read(channel: channel, after: nil, limit: 0, reverse: false)
        case .tail(let before, let limit): try await self.read(channel: channel, after: before, limit: limit, reverse: true)
        case .forward(let after, let limit): try await self.read(channel: channel, after: after, limit: limit, reverse: false)
        }
    }
}
