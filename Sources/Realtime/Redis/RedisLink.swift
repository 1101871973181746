import DequeModule
import Foundation
import Logging
import NIOCore
import Synchronization

/// A connection to Redis that comes back by itself, on a thread of its own: hiredis may wait for a name server, and what it allocates
/// belongs to one thread.
///
/// Commands that are sent while others are on their way leave together. A Redis that says nothing for ``silenceMilliseconds`` is taken for
/// gone, whatever its socket looks like.
final class RedisLink: Sendable {
    /// Called with the answer; nil when the connection was lost before it came. On the link's thread: must return at once.
    typealias Handler = @Sendable (RedisReply?) -> Void

    /// What the link's owner does, all on the link's thread.
    struct Callbacks: Sendable {
        var opened: @Sendable () -> Void = {}
        var lost: @Sendable () -> Void = {}
        /// A message of a channel that the link has subscribed to.
        var message: @Sendable (_ channel: String, ByteBuffer) -> Void = { _, _ in }
        /// About once a second while the connection stands.
        var tick: @Sendable () -> Void = {}
    }

    struct Outgoing {
        var bytes: [UInt8] = []
        /// For each answer that is still to come; those of ``bytes`` at the end.
        var handlers = Deque<Handler>()
        var isOpen = false
        var isStopping = false
        var hasRung = false
        var whenEnded: [CheckedContinuation<Void, Never>] = []
        var hasEnded = false
    }

    /// What waits to be written; one more command is refused when there is no room.
    static let waitingBytesMax = 8_388_608
    /// Between two signs of life that are asked for.
    static let pingMilliseconds = 1_000
    static let silenceMilliseconds = 3_000
    /// Before the first attempt to come back, and between later ones at most.
    static let reconnectDelay = RetryDelay(firstMilliseconds: 50, longestMilliseconds: 1_000)

    let address: RedisAddress
    /// Nothing but messages of these channels will come; none for a link that commands are sent over.
    let channels: [String]
    let logger: Logger
    let wakeUp = WakeUp()
    private let outgoing = Mutex(Outgoing())

    init(to address: RedisAddress, channels: [String] = [], logger: Logger) {
        self.address = address
        self.channels = channels
        self.logger = logger
    }

    func start(_ callbacks: Callbacks) {
        let thread = Thread { [self] in
            RedisThread(link: self, callbacks: callbacks).run()
            let ended = outgoing.withLock { outgoing in
                outgoing.hasEnded = true
                defer { outgoing.whenEnded = [] }
                return outgoing.whenEnded
            }
            for continuation in ended { continuation.resume() }
        }
        thread.name = channels.isEmpty ? "ringside.redis" : "ringside.redis.sub"
        thread.start()
    }

    /// Ends the connection once what waits is written; returns when the thread is gone. Only after ``start(_:)``.
    func stop() async {
        await withCheckedContinuation { continuation in
            let hasEnded = outgoing.withLock { outgoing in
                outgoing.isStopping = true
                if !outgoing.hasEnded { outgoing.whenEnded.append(continuation) }
                return outgoing.hasEnded
            }
            wakeUp.ring()
            if hasEnded { continuation.resume() }
        }
    }

    /// Sends a command, or several. Callable from any thread.
    ///
    /// - Parameters:
    ///   - room: bytes that are to stay free for others.
    ///   - last: gets the last answer.
    /// - Returns: false when there is no connection or no room; `last` is not called then.
    @discardableResult
    func send(_ command: RedisCommand, leaving room: Int = 0, last: @escaping Handler = { _ in }) -> Bool {
        let (isTaken, mustRing) = outgoing.withLock { outgoing in
            guard outgoing.isOpen, outgoing.bytes.count + command.bytes.count <= Self.waitingBytesMax - room else { return (false, false) }
            outgoing.bytes += command.bytes
            for _ in 1..<max(1, command.count) { outgoing.handlers.append { _ in } }
            outgoing.handlers.append(last)
            defer { outgoing.hasRung = true }
            return (true, !outgoing.hasRung)
        }
        if mustRing { wakeUp.ring() }
        return isTaken
    }

    /// Sends a command and waits for its last answer: no longer than a silent Redis is waited for.
    ///
    /// - Returns: nil when none came.
    func ask(_ command: RedisCommand) async -> RedisReply? {
        await withCheckedContinuation { continuation in
            if !send(command, last: { continuation.resume(returning: $0) }) { continuation.resume(returning: nil) }
        }
    }

    /// The thread's way to what was sent.
    func withOutgoing<Value>(_ body: (inout sending Outgoing) -> sending Value) -> sending Value { outgoing.withLock(body) }
}
