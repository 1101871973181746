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
    let sharedSettings: SharedSettings
    let tasks: LoopTasks
    let ledger: ConnectionLedger
    let registry: PresenceRegistry
    private(set) lazy var presence = ShardPresence(shard: self, registry: registry)
    var figures = HubFigures()
    /// Reaches the other event loops. Set by the hub once it is whole.
    weak var hub: Hub?
    let access: any SessionAccess
    let roster: (any ClusterRoster)?
    let log: any EventLog
    let time: any TimeSource

    /// Channels whose position is to be compared with the log.
    var positionChecks: [(channel: WatchedChannel, id: Int)] = []

    let inbox: ShardInbox
    let logger: Logger
    private let start: NIODeadline

    var channels = ChannelTable()
    var connections = ConnectionIndex()

    private var wheel = TimingWheel()
    private var arrivals = Deque<Arrival>()
    private var deliveries = DeliveryQueue()
    private var window: CoalescingWindow
    /// The rest of a large audience is served in a later turn, or the window is open.
    private(set) var isContinuing = false
    private var isPausing = false
    private var tickDue: NIODeadline
    private(set) var outboxes = OutboxList()

    /// Between two calls of ``tick()``.
    static let tickInterval = TimeAmount.seconds(1)

    init(
        eventLoop: any EventLoop, inbox: ShardInbox, ledger: ConnectionLedger, registry: PresenceRegistry, services: HubServices,
        settings: HubSettings, sharedSettings: SharedSettings
    ) {
        self.eventLoop = eventLoop
        self.inbox = inbox
        self.ledger = ledger
        self.registry = registry
        self.settings = settings
        self.sharedSettings = sharedSettings
        tasks = LoopTasks(eventLoop: eventLoop)
        access = services.access
        roster = services.roster
        log = services.log
        time = services.time
        logger = services.logger
        start = eventLoop.now
        tickDue = start + Self.tickInterval
        window = CoalescingWindow(longest: .microseconds(Int64(settings.coalescingMicrosecondsMax)), now: start)
    }

    // MARK: Time

    /// Whole seconds since the shard began; what ``set(_:at:)`` counts in.
    var now: Int { wheel.now }

    /// The same by the loop's own clock. ``now`` stands still until the next ``tick()``, which a process that was frozen does after it has
    /// read its sockets: whoever comes in between must not pay for the time before.
    var present: Int { max(now, secondsPassed) }

    private var secondsPassed: Int { Int((eventLoop.now - start).nanoseconds / 1_000_000_000) }

    func set(_ alarm: Alarm, at second: Int) { wheel.set(alarm, at: second) }

    func cancel(_ alarm: Alarm) { wheel.cancel(alarm) }

    /// Called about once a second.
    func tick() {
        figures.loopLag.record(eventLoop.now - tickDue)
        wheel.advance(to: secondsPassed)
        while let alarm = wheel.nextRinging() { alarm.action?() }
        checkPositions()
        outboxes.tick(now: eventLoop.now)
        pump()
        tickDue = eventLoop.now + Self.tickInterval
    }

    // MARK: What streams ask for

    func perform(_ actions: [ChannelStream.Action], _ channel: WatchedChannel) {
        for action in actions {
            switch action {
            case .read(let read, let id): self.read(read, id, channel)
            case .deliver(let broadcast): deliveries.append(broadcast, on: channel)
            case .readTop(let id): positionChecks.append((channel, id))
            case .answer(let ticket, let start): answer(ticket, start, channel)
            case .fail(let ticket): fail(ticket, channel)
            case .retry(let seconds): retry(channel, afterSeconds: seconds)
            case .lost: lose(channel)
            }
        }
    }

    private func read(_ read: ChannelStream.LogRead, _ id: Int, _ channel: WatchedChannel) {
        let log = self.log
        let name = channel.name
        figures.logReads += 1
        tasks.run {
            try? await log.read(channel: name, read)
        } then: { [weak self] page in
            guard let self else { return }
            if let page {
                perform(channel.stream.completed(read: id, page), channel)
            } else {
                figures.logReadFailures += 1
                let namespace = ChannelName.namespace(of: name)
                logger.warning("The log of a channel could not be read", metadata: ["channel.namespace": "\(namespace)"])
                perform(channel.stream.failed(read: id), channel)
            }
            pump()
        }
    }

    private func lose(_ channel: WatchedChannel) {
        // Offsets of what is still queued may belong to another epoch than those of a subscription that begins anew.
        deliveries.drop(channel)
        for subscription in channel.audience.removeAll() { subscription.subscriber.lost(subscription) }
        lingerIfUnwatched(channel)
    }

    // MARK: Delivering

    /// Writes from one look at the clock to the next.
    private static let writesPerLook = 64

    /// Called when the inbox has woken the loop, and whenever a stream has something to deliver.
    ///
    /// Everything that has come is taken in first, so that what goes to one connection leaves in one write. Then the channels have their
    /// turns, up to a number of writes and a length of time; and then the rest of the loop has its own.
    ///
    /// - Parameter isUrgent: an event has come that may not wait for others, see ``HubSettings/promptNamespaces``.
    func pump(isUrgent: Bool = false) {
        guard !isContinuing || (isPausing && isUrgent) else { return }
        let began = eventLoop.now
        // An audience that is half served does not wait for others.
        let pause = isUrgent || !deliveries.isEmpty || outboxes.isDirty ? .zero : window.pause(at: began)
        guard pause == .zero else {
            isPausing = true
            return continueLater(pause)
        }
        let turnEnd = began + .microseconds(Int64(settings.turnMicrosecondsMax))
        // What the last turn had no time for goes first.
        let isDrained = flush(until: turnEnd) && deliver(until: turnEnd)
        let isFlushed = flush(until: turnEnd)
        window.delivered(from: began, to: eventLoop.now)
        // A task for right now would run before the loop looks at its sockets again.
        if !isContinuing, !isDrained || !isFlushed { continueLater(.microseconds(20)) }
    }

    /// - Returns: whether everything that has come is written, or waits for ``flush(until:)``.
    private func deliver(until end: NIODeadline) -> Bool {
        var writesLeft = settings.deliveriesPerTurnMax
        var arrivalsLeft = settings.deliveriesPerTurnMax
        var isDone = false
        repeat {
            let isDrained = takeIn(&arrivalsLeft)
            var left = min(writesLeft, Self.writesPerLook)
            writesLeft -= left
            deliveries.advance(budget: &left, &outboxes)
            writesLeft += left
            isDone = isDrained && deliveries.isEmpty
        } while !isDone && writesLeft > 0 && arrivalsLeft > 0 && eventLoop.now < end
        figures.deliveries += settings.deliveriesPerTurnMax - writesLeft
        return isDone
    }

    /// Writes what waits, some of it in any case.
    ///
    /// - Returns: whether nothing waits any more.
    private func flush(until end: NIODeadline) -> Bool {
        repeat { outboxes.flush(atMost: Self.writesPerLook) } while outboxes.isDirty && eventLoop.now < end
        guard !outboxes.isDirty else { return false }
        let now = eventLoop.now
        for handedOverAt in deliveries.completed { figures.commitToDelivery.record(now - handedOverAt) }
        deliveries.forgetCompleted()
        return true
    }

    /// Hands what has come to the streams, until enough waits to be delivered.
    ///
    /// - Returns: whether nothing more had come. Only then does the inbox wake the loop again.
    private func takeIn(_ arrivalsLeft: inout Int) -> Bool {
        while arrivalsLeft > 0, deliveries.isEmpty || deliveries.bytes < settings.inboxBytesMax {
            if arrivals.isEmpty { arrivals = inbox.take() }
            guard let next = arrivals.first else { return true }
            // What stands before a revocation in the log may be about the one whose connection it closes.
            guard next.isEvent || deliveries.isEmpty else { return false }
            arrivals.removeFirst()
            arrivalsLeft -= 1
            handle(next)
        }
        return false
    }

    /// Looks after what was sent to a connection without ``pump()``.
    func observe(_ outbox: Outbox) { outboxes.observe(outbox) }

    private func handle(_ arrival: Arrival) {
        switch arrival {
        case .event(let broadcast):
            guard let channel = channels[broadcast.channel] else { break }
            guard !broadcast.isEphemeral else { return deliveries.append(broadcast, on: channel) }
            perform(channel.stream.receive(broadcast), channel)
        case .moved(let name, let position):
            guard let channel = channels[name] else { break }
            let wasBehind = channel.stream.isBehind
            perform(channel.stream.announce(position), channel)
            if !wasBehind, channel.stream.isBehind { figures.channelsBehind += 1 }
        case .movedAnywhere:
            figures.hit(.movedChannels)
            for channel in channels.all { perform(channel.stream.checkLog(), channel) }
        case .revocation(let revocation): revoke(revocation)
        case .recheckCallers: recheckCallers()
        case .historyRemoved(let name?):
            guard let channel = channels[name] else { break }
            perform(channel.stream.historyRemoved(), channel)
        case .historyRemoved(nil):
            for channel in channels.all { perform(channel.stream.historyRemoved(), channel) }
        }
    }

    private func continueLater(_ pause: TimeAmount) {
        isContinuing = true
        eventLoop.assumeIsolated().scheduleTask(in: pause) { [weak self] in
            guard let self else { return }
            isContinuing = false
            isPausing = false
            pump()
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
