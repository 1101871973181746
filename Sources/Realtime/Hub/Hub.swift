import Core
import Logging
import NIOCore
import Synchronization
import Wire

/// What the hub needs of the rest of the server.
public struct HubServices: Sendable {
    let log: any EventLog
    let access: any SessionAccess
    /// The way to the other nodes, where there are any.
    let bus: (any ClusterBus)?
    /// Who is where on the other nodes.
    let roster: (any ClusterRoster)?
    let time: any TimeSource
    let logger: Logger

    public init(
        log: any EventLog, access: any SessionAccess, bus: (any ClusterBus)? = nil, roster: (any ClusterRoster)? = nil,
        time: any TimeSource, logger: Logger = Logger(label: "ringside.realtime")
    ) {
        self.log = log
        self.access = access
        self.bus = bus
        self.roster = roster
        self.time = time
        self.logger = logger
    }
}

/// Everyone who is connected and what they watch, one shard for each event loop.
///
/// The gateway opens sessions on it, the ``EventRelay`` feeds it, the server drains it. A connection belongs to the shard of its loop for
/// life; subscribing, unsubscribing and delivering take no lock.
public final class Hub: Sendable {
    struct Seat: Sendable {
        let eventLoop: any EventLoop
        let inbox: ShardInbox
        let shard: NIOLoopBoundBox<HubShard>
    }

    public let settings: HubSettings
    let seats: [Seat]
    let ledger: ConnectionLedger
    let registry: PresenceRegistry
    let services: HubServices
    let began: Instant
    private let ticks: [RepeatedTask]
    private let hasFinished = Atomic<Bool>(false)

    /// - Parameters:
    ///   - eventLoops: All loops that connections may live on.
    ///   - settings: Without ``HubSettings/contradiction``.
    public init(eventLoops: [any EventLoop], services: HubServices, settings: HubSettings = HubSettings()) {
        precondition(settings.contradiction == nil, "the hub's settings can't hold together")
        let sharedSettings = SharedSettings(settings)
        let ledger = ConnectionLedger(sharedSettings, roster: services.roster)
        let registry = PresenceRegistry(clientsMax: settings.presenceSizeMax, roster: services.roster)
        self.settings = settings
        self.ledger = ledger
        self.registry = registry
        self.services = services
        began = services.time.now
        var ticks: [RepeatedTask] = []
        seats = eventLoops.map { eventLoop in
            let inbox = ShardInbox(bytesMax: settings.inboxBytesMax, movedChannelsMax: settings.movedChannelsMax)
            let shard = NIOLoopBoundBox.makeBoxSendingValue(
                HubShard(
                    eventLoop: eventLoop, inbox: inbox, ledger: ledger, registry: registry, services: services, settings: settings,
                    sharedSettings: sharedSettings
                ),
                eventLoop: eventLoop
            )
            // Ends with the hub: the loop may live longer.
            let tick = eventLoop.scheduleRepeatedTask(initialDelay: HubShard.tickInterval, delay: HubShard.tickInterval) {
                [weak shard] task in
                if let shard { shard.value.tick() } else { task.cancel() }
            }
            ticks.append(tick)
            return Seat(eventLoop: eventLoop, inbox: inbox, shard: shard)
        }
        self.ticks = ticks
        for seat in seats {
            seat.eventLoop.execute { [weak self] in seat.shard.value.hub = self }
        }
    }

    /// The way to the other nodes, where there are any.
    public var bus: (any ClusterBus)? { services.bus }

    /// Connections now, signed in or not.
    public var connectionCount: Int { ledger.connections }

    /// Whether everyone is being sent away, see ``drain(overSeconds:)``.
    public var isDraining: Bool { ledger.isDraining }

    /// Whether another connection is welcome; asked before an upgrade, which is else refused with 503.
    public var acceptsConnections: Bool { !ledger.isDraining && ledger.connections < settings.connectionsMax }

    /// Begins a session of the Centrifuge client protocol. Called on the connection's event loop, as is everything of the session.
    ///
    /// - Parameters:
    ///   - transport: Kept until the session has closed it, or was told that it has closed.
    ///   - codec: The form of the commands and of what answers them.
    ///   - format: The form of publications, which are encoded once for all sessions.
    /// - Returns: nil on an event loop that the hub was not made for.
    public func openSession(
        on eventLoop: any EventLoop, transport: any SessionTransport, codec: any ClientCodec, format: PublicationFormat,
        source: ConnectionSource = ConnectionSource(), mode: SessionMode = .bidirectional
    ) -> Session? {
        shard(on: eventLoop).map { Session(shard: $0, transport: transport, codec: codec, format: format, source: source, mode: mode) }
    }

    /// Begins a plain stream of a person's own events. Called on the connection's event loop, as is everything of the session.
    ///
    /// - Parameters:
    ///   - caller: Proven at the upgrade; checked once more, in case the sign-in ended since.
    ///   - since: The newest event that is not told, see ``position(ofPersonalChannelOf:)``; nil to begin now.
    ///   - source: Whose connections it is counted with.
    /// - Returns: nil on an event loop that the hub was not made for.
    public func openNotifications(
        on eventLoop: any EventLoop, transport: any SessionTransport, caller: SignedInCaller, since: StreamPosition? = nil,
        format: PublicationFormat, source: ConnectionSource = ConnectionSource()
    ) -> NotificationSession? {
        shard(on: eventLoop).map {
            NotificationSession(shard: $0, transport: transport, caller: caller, since: since, format: format, source: source)
        }
    }

    /// Where somebody's own events end now.
    ///
    /// - Throws: when the log can't be read.
    public func position(ofPersonalChannelOf caller: SignedInCaller) async throws -> StreamPosition {
        let channel = PersonalChannel(user: caller.userID.rawValue).name
        return try await services.log.read(channel: channel, after: nil, limit: 0, reverse: false).top
    }

    /// Says goodbye to everyone. New connections are refused from now on; those that stand are closed with ``Disconnect/shutdown``, spread
    /// over a time so that the clients' return is.
    ///
    /// - Parameter secondsMax: the longest time that may take; where few are connected ``HubSettings/drainedPerSecondMax`` shortens it.
    /// - Returns: when no connection is left, or five seconds after the time at the latest.
    public func drain(overSeconds secondsMax: Int) async {
        guard let first = seats.first else { return }
        let secondsNeeded = (ledger.connections + settings.drainedPerSecondMax - 1) / settings.drainedPerSecondMax
        let seconds = min(secondsMax, secondsNeeded)
        let drained = first.eventLoop.makePromise(of: Void.self)
        ledger.drain { drained.succeed() }
        for seat in seats {
            seat.eventLoop.execute { seat.shard.value.drain(overSeconds: seconds) }
        }
        let deadline = first.eventLoop.scheduleTask(in: .seconds(Int64(seconds) + 5)) { drained.succeed() }
        try? await drained.futureResult.get()  // never fails
        deadline.cancel()
    }

    /// Runs what serves the connections, and lets go of the event loops when it has ended: they are about to be shut down, so what was asked
    /// for in somebody's name comes to its end, and nothing is handed over any more.
    ///
    /// - Throws: what the body throws.
    public func whileServing(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch {
            await finish()
            throw error
        }
        await finish()
    }

    private func finish() async {
        hasFinished.store(true, ordering: .releasing)
        for tick in ticks { tick.cancel() }
        for seat in seats {
            while let tasks = try? await seat.eventLoop.submit({ seat.shard.value.tasks.running }).get(), !tasks.isEmpty {
                for task in tasks { await task.value }
            }
        }
    }

    /// Hands events to every loop, in this order. Returns at once; callable from any thread.
    func handOver(_ events: [Broadcast], _ revocations: [Revocation]) {
        // Somebody may still commit, but nobody is left to hear of it.
        guard !hasFinished.load(ordering: .acquiring) else { return }
        let prompt = settings.promptNamespaces
        let isUrgent = !prompt.isEmpty && events.contains { prompt.contains(String(ChannelName.namespace(of: $0.channel))) }
        for seat in seats where seat.inbox.put(events: events, revocations: revocations) || isUrgent {
            seat.eventLoop.execute { seat.shard.value.pump(isUrgent: isUrgent) }
        }
    }

    /// Tells every loop how far channels reach, so that those who are behind read the log. Returns at once; callable from any thread.
    func announce(_ moves: [ChannelMove]) {
        for seat in seats where seat.inbox.put(moves: moves) { seat.eventLoop.execute { seat.shard.value.pump() } }
    }

    /// Any channel may have moved.
    func announceEverywhere() {
        for seat in seats where seat.inbox.putMoveAnywhere() { seat.eventLoop.execute { seat.shard.value.pump() } }
    }

    /// The shard of a loop; must be called on that loop.
    func shard(on eventLoop: any EventLoop) -> HubShard? {
        seats.first { $0.eventLoop === eventLoop }?.shard.value
    }
}
