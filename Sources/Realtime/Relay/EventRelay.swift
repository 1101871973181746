import Core
import Logging
import NIOCore
import Synchronization
import Wire

/// Takes over what was committed: tells the server's own parts first, then everyone who watches.
public final class EventRelay: CommittedEvents {
    private typealias Observer = @Sendable (CommittedEvent) -> Void

    private let hub: Hub
    private let logger: Logger
    private static let systemPrefix = "\(SystemChannel.namespace):"
    private let observers = Mutex<[String: [Observer]]>([:])

    public init(hub: Hub, logger: Logger = Logger(label: "ringside.realtime")) {
        self.hub = hub
        self.logger = logger
    }

    /// Calls `observer` for each event of that type on a system channel: on the writer's thread, before the writer gets its answer and
    /// before any connection hears of the commit. It must return at once. To be registered before anything is written.
    public func observe<Payload: Event>(_ channel: SystemChannel, _: Payload.Type, _ observer: @escaping @Sendable (Payload) -> Void) {
        let decoding: Observer = { [logger] event in
            do {
                let envelope = try event.data.decode(EventEnvelope<Payload>.self)
                if envelope.type == Payload.type { observer(envelope.data) }
            } catch {
                logger.error("A system event could not be read", metadata: ["channel": "\(event.channel)"])
            }
        }
        observers.withLock { $0[channel.name, default: []].append(decoding) }
    }

    public func committed(_ events: [CommittedEvent]) {
        let observers = self.observers.withLock { $0 }
        var broadcasts: [Broadcast] = []
        var revocations: [Revocation] = []
        broadcasts.reserveCapacity(events.count)
        let now = NIODeadline.now()
        for event in events {
            guard event.channel.utf8.starts(with: Self.systemPrefix.utf8) else {
                broadcasts.append(
                    Broadcast(
                        channel: event.channel, position: event.position, data: event.data, tags: event.tags, info: event.info,
                        handedOverAt: now
                    )
                )
                continue
            }
            for observer in observers[event.channel] ?? [] { observer(event) }
            if event.channel == SystemChannel.revocations.name, let revocation = revocation(in: event) { revocations.append(revocation) }
        }
        // After the observers: a connect that is just being authenticated either sees the revocation on its last look, or stands
        // already when the shard applies it.
        if !broadcasts.isEmpty || !revocations.isEmpty { hub.handOver(broadcasts, revocations) }
    }

    private func revocation(in event: CommittedEvent) -> Revocation? {
        do {
            return try event.data.decode(EventEnvelope<Revocation>.self).data
        } catch {
            logger.error("A revocation could not be read", metadata: ["event.offset": "\(event.position.offset)"])
            return nil
        }
    }
}
