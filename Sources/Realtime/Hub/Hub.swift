import Core
import Logging
import NIOCore
import Wire

/// What the hub needs of the rest of the server.
public struct HubServices: Sendable {
    let log: any EventLog
    let authenticator: any Authenticator
    let policy: any SubscriptionPolicy
    let time: any TimeSource
    let logger: Logger

    public init(
        log: any EventLog, authenticator: any Authenticator, policy: any SubscriptionPolicy, time: any TimeSource,
        logger: Logger = Logger(label: "ringside.realtime")
    ) {
        self.log = log
        self.authenticator = authenticator
        self.policy = policy
        self.time = time
        self.logger = logger
    }
}

/// Everyone who is connected and what they watch, one shard for each event loop.
///
/// The gateway opens sessions on it, the ``EventRelay`` feeds it, the server drains it. A connection belongs to the shard of its loop for
/// life; subscribing, unsubscribing and delivering take no lock.
public final class Hub: Sendable {
    private struct Seat: Sendable {
        let eventLoop: any EventLoop
        let inbox: ShardInbox
        let shard: NIOLoopBoundBox<HubShard>
    }

    public let settings: HubSettings
    private let seats: [Seat]
    private let ledger: ConnectionLedger

    /// - Parameter eventLoops: All loops that connections may live on.
    public init(eventLoops: [any EventLoop], services: HubServices, settings: HubSettings = HubSettings()) {
        let ledger = ConnectionLedger(perUserMax: settings.connectionsPerUserMax)
        self.settings = settings
        self.ledger = ledger
        seats = eventLoops.map { eventLoop in
            let inbox = ShardInbox(bytesMax: settings.inboxBytesMax, movedChannelsMax: settings.movedChannelsMax)
            let shard = NIOLoopBoundBox.makeBoxSendingValue(
                HubShard(eventLoop: eventLoop, inbox: inbox, ledger: ledger, services: services, settings: settings), eventLoop: eventLoop
            )
            // Ends with the hub: the loop may live longer.
            eventLoop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { [weak shard] task in
                if let shard { shard.value.tick() } else { task.cancel() }
            }
            return Seat(eventLoop: eventLoop, inbox: inbox, shard: shard)
        }
    }

    /// Connections now, signed in or not.
    public var connectionCount: Int { ledger.connections }

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
        on eventLoop: any EventLoop, transport: any SessionTransport, codec: any ClientCodec, format: PublicationFormat
    ) -> Session? {
        shard(on: eventLoop).map { Session(shard: $0, transport: transport, codec: codec, format: format) }
    }

    /// Begins a plain stream of a person's own events. Called on the connection's event loop, as is everything of the session.
    ///
    /// - Parameter caller: Proven at the upgrade; checked once more, in case the sign-in ended since.
    /// - Returns: nil on an event loop that the hub was not made for.
    public func openNotifications(
        on eventLoop: any EventLoop, transport: any SessionTransport, caller: SignedInCaller, format: PublicationFormat
    ) -> NotificationSession? {
        shard(on: eventLoop).map { NotificationSession(shard: $0, transport: transport, caller: caller, format: format) }
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

    /// Hands events to every loop, in this order. Returns at once; callable from any thread.
    func handOver(_ events: [Broadcast], _ revocations: [Revocation]) {
        for seat in seats where seat.inbox.put(events: events, revocations: revocations) {
            seat.eventLoop.execute { seat.shard.value.pump() }
        }
    }

    /// The shard of a loop; must be called on that loop.
    func shard(on eventLoop: any EventLoop) -> HubShard? {
        seats.first { $0.eventLoop === eventLoop }?.shard.value
    }
}
