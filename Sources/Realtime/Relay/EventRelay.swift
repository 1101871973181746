import Core
import Logging
import NIOCore
import Synchronization
import Wire

/// Takes over what was committed: tells the server's own parts first, then everyone who watches, then the other nodes.
///
/// An event may come by several ways: from this node's writer, over the bus, from the log. Watchers hear it once because of their channel's
/// ``ChannelStream``, the server's own parts because of a ``SystemCursor``; what those obey never comes over the bus.
public final class EventRelay: CommittedEvents, BusReceiver {
    private typealias Observer = @Sendable (CommittedEvent) -> Void

    private struct System {
        var observers: [String: [Observer]] = [:]
        var cursors: [String: SystemCursor] = [:]
        /// The life of the log that is followed; nil where nobody else writes to it.
        var epoch: String?
        /// Wakes whoever reads the log.
        var whenBehind: (@Sendable () -> Void)?
    }

    private let hub: Hub
    private let bus: (any ClusterBus)?
    private let lease: LogLease?
    private let logger: Logger
    private static let systemPrefix = "\(SystemChannel.namespace):"
    private let system = Mutex(System())

    /// - Parameters:
    ///   - bus: tells the other nodes, where there are any.
    ///   - lease: how fresh the node's knowledge of the log is, where others write to it.
    public init(hub: Hub, bus: (any ClusterBus)? = nil, lease: LogLease? = nil, logger: Logger = Logger(label: "ringside.realtime")) {
        self.hub = hub
        self.bus = bus
        self.lease = lease
        self.logger = logger
    }

    /// Calls `observer` for each event of that type on a system channel: on the writer's thread, before the writer gets its answer and
    /// before any connection hears of the commit. It must return at once. To be registered before anything is written.
    ///
    /// Where several nodes write, an event that follows one of another node waits until that has come, a moment after the answer.
    public func observe<Payload: Event>(_ channel: SystemChannel, _: Payload.Type, _ observer: @escaping @Sendable (Payload) -> Void) {
        observe(channel) { [logger] event in
            if let envelope = Self.read(event, Payload.self, logger), envelope.type == Payload.type { observer(envelope.data) }
        }
    }

    /// The same for every event, read or not.
    public func observe(_ channel: SystemChannel, _ observer: @escaping @Sendable (CommittedEvent) -> Void) {
        system.withLock { $0.observers[channel.name, default: []].append(observer) }
    }

    public func committed(_ events: [CommittedEvent]) {
        take(events.lazy.map { .committed($0) }, count: events.count)
        bus?.tell(events.map { Self.isSystem($0) ? .moved(channel: $0.channel) : .committed($0) })
    }

    // MARK: From the bus

    public func received(_ news: [BusNews]) {
        // A node that was frozen finds old news on the bus. Some of those it would tell may have been sent away meanwhile: the log says
        // who, and has the news as well.
        guard lease?.isCurrent ?? true else { return wakeFollower() }
        let epoch = system.withLock { $0.epoch }
        let trusted = news.filter { one in
            switch one {
            // Of another log, or of another life of this one, nobody here can want anything.
            case .committed(let event): event.position.epoch == epoch && !Self.isSystem(event)
            case .moved: false
            case .publication, .joined, .left: true
            }
        }
        take(trusted, count: trusted.count)
        if trusted.count < news.count { wakeFollower() }
    }

    public func beganListening() { wakeFollower() }

    // MARK: From the log

    /// From now on what is missing on a system channel is waited for.
    func follow(whenBehind: @escaping @Sendable () -> Void) {
        system.withLock { $0.whenBehind = whenBehind }
    }

    /// Those that somebody here obeys.
    var systemChannels: Set<String> {
        system.withLock { Set($0.observers.keys) }.union([SystemChannel.revocations.name, SystemChannel.orders.name])
    }

    func begin(_ channel: String, at top: StreamPosition) {
        system.withLock { system in
            system.epoch = top.epoch
            system.cursors[channel, default: SystemCursor()].begin(at: top)
        }
    }

    /// Where to read on, if the channel reaches further than this node has got.
    ///
    /// - Returns: nil when there is nothing to read.
    func unread(_ channel: String, upTo top: StreamPosition) -> UInt64? {
        system.withLock { system in
            guard let cursor = system.cursors[channel] else { return 0 }
            guard cursor.isBehind(top) else { return nil }
            return cursor.position?.epoch == top.epoch ? cursor.position?.offset : 0
        }
    }

    /// What was read of a system channel, in order.
    func caughtUp(_ channel: String, with page: LogPage) {
        let events = page.entries.map { entry in
            CommittedEvent(channel: channel, position: StreamPosition(epoch: page.top.epoch, offset: entry.offset), data: entry.data)
        }
        let isPruned = system.withLock { system in
            system.epoch = page.top.epoch
            guard let first = events.first, let position = system.cursors[channel]?.position else { return false }
            return first.position.epoch == position.epoch && first.position.offset > position.offset + 1
        }
        if isPruned { logger.error("System events were pruned before this node has read them", metadata: ["channel": "\(channel)"]) }
        let revocations = apply(events, mayWait: false)
        if !revocations.isEmpty { hub.handOver([], revocations) }
    }

    // MARK: To the observers and the watchers

    private static func isSystem(_ event: CommittedEvent) -> Bool { event.channel.utf8.starts(with: systemPrefix.utf8) }

    private func wakeFollower() { system.withLock { $0.whenBehind }?() }

    private func take(_ news: some Sequence<BusNews>, count: Int) {
        var broadcasts: [Broadcast] = []
        broadcasts.reserveCapacity(count)
        var systemEvents: [CommittedEvent] = []
        let now = NIODeadline.now()
        for one in news {
            switch one {
            case .committed(let event) where Self.isSystem(event): systemEvents.append(event)
            case .committed(let event):
                broadcasts.append(
                    Broadcast(
                        channel: event.channel, position: event.position, data: event.data, tags: event.tags, info: event.info,
                        handedOverAt: now
                    )
                )
            case .moved: break
            case .publication(let publication, let channel): broadcasts.append(Broadcast(ephemeral: .publication(publication), on: channel))
            case .joined(let info, let channel): broadcasts.append(Broadcast(ephemeral: .join(info), on: channel))
            case .left(let info, let channel): broadcasts.append(Broadcast(ephemeral: .leave(info), on: channel))
            }
        }
        let revocations = systemEvents.isEmpty ? [] : apply(systemEvents, mayWait: true)
        // After the observers: a connect that is just being authenticated either sees the revocation on its last look, or stands already
        // when the shard applies it.
        if !broadcasts.isEmpty || !revocations.isEmpty { hub.handOver(broadcasts, revocations) }
    }

    /// Under the lock, so that two threads can't change the order of what they bring.
    ///
    /// - Parameter mayWait: what is out of its order may be left to whoever reads the log.
    /// - Returns: what has to close connections.
    private func apply(_ events: [CommittedEvent], mayWait: Bool) -> [Revocation] {
        let (revocations, whenBehind) = system.withLock { system -> ([Revocation], (@Sendable () -> Void)?) in
            var revocations: [Revocation] = []
            var isBehind = false
            for event in events {
                let verdict = system.cursors[event.channel, default: SystemCursor()].receive(
                    event.position, mayWait: mayWait && system.whenBehind != nil
                )
                switch verdict {
                case .apply:
                    for observer in system.observers[event.channel] ?? [] { observer(event) }
                    if event.channel == SystemChannel.revocations.name, let envelope = Self.read(event, Revocation.self, logger) {
                        revocations.append(envelope.data)
                    }
                    if event.channel == SystemChannel.orders.name, let envelope = Self.read(event, HubOrder.self, logger) {
                        hub.pass(envelope.data)
                    }
                case .early: isBehind = true
                case .known: break
                }
            }
            return (revocations, isBehind ? system.whenBehind : nil)
        }
        whenBehind?()
        return revocations
    }

    /// - Returns: nil, and a line in the log, where it is something else.
    private static func read<Payload: Event>(_ event: CommittedEvent, _: Payload.Type, _ logger: Logger) -> EventEnvelope<Payload>? {
        do {
            return try event.data.decode(EventEnvelope<Payload>.self)
        } catch {
            logger.error(
                "A system event could not be read", metadata: ["channel": "\(event.channel)", "event.offset": "\(event.position.offset)"]
            )
            return nil
        }
    }
}
