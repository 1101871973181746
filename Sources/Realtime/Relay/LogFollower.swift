import Core
import Logging
import NIOCore
import Synchronization
import Wire

/// Follows a log that several nodes write to: finds the channels that moved, has the relay carry out what the system channels say, and then
/// tells the hub how far the others reach. Nobody depends on the bus because of it.
///
/// On an event loop, which only keeps the time; the log is read elsewhere.
public final class LogFollower: Sendable {
    private let eventLoop: any EventLoop
    private let box: NIOLoopBoundBox<Following>
    private let isWoken = Atomic<Bool>(false)
    private let hasStopped = Atomic<Bool>(false)
    private let counts: TailCounts
    private let relay: EventRelay

    /// - Parameters:
    ///   - tail: names the channels that moved.
    ///   - log: what the relay and the hub read.
    public init(
        tail: any LogTail, log: any EventLog, relay: EventRelay, hub: Hub, lease: LogLease? = nil, eventLoop: any EventLoop,
        logger: Logger = Logger(label: "ringside.realtime")
    ) {
        let counts = TailCounts()
        self.eventLoop = eventLoop
        self.counts = counts
        self.relay = relay
        let reader = TailReader(tail: tail, log: log, relay: relay, hub: hub, lease: lease)
        box = NIOLoopBoundBox.makeBoxSendingValue(
            Following(reader: reader, eventLoop: eventLoop, counts: counts, random: hub.settings.random, logger: logger),
            eventLoop: eventLoop
        )
    }

    /// Finds where the log stands and follows it from there. To be called before what was revoked earlier is loaded, and once.
    ///
    /// - Throws: what the log throws; the server must not turn ready then.
    public func start() async throws {
        relay.follow { [weak self] in self?.wake() }
        try await eventLoop.flatSubmit { [box] in box.value.begin() }.get()
    }

    /// The log has moved, or may have. Callable from any thread, as often as one likes.
    public func wake() {
        guard !hasStopped.load(ordering: .acquiring), !isWoken.exchange(true, ordering: .acquiringAndReleasing) else { return }
        eventLoop.execute { [self] in
            isWoken.store(false, ordering: .releasing)
            box.value.wake()
        }
    }

    /// Looks no more; returns when a look that is under way has ended.
    public func stop() async {
        // Databases tell of commits for as long as they are open, event loops may be gone before.
        hasStopped.store(true, ordering: .releasing)
        try? await eventLoop.flatSubmit { [box] in box.value.stop() }.get()
    }

    public var figures: TailFigures { counts.current }
}
