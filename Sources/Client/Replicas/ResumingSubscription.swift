import NIOCore
import NIOPosix
import Synchronization
import Wire

/// One channel followed over any number of connections: it remembers how far it has come, connects again when the connection is lost and
/// resumes there. What it meets that must not happen (gaps, duplicates) is counted, never hidden.
///
/// ``run()`` is called once, by the task that owns it, and ends when that task is cancelled.
public final class ResumingSubscription: Sendable {
    /// What the channel's follower is told, in order.
    public enum Delivery: Sendable {
        /// The next event. `isLive` is false for what was missed and came with a resumption.
        case publication(Publication, isLive: Bool)
        /// The server does not have all that was missed: what was built from the channel must be built anew, to begin at `position`.
        case lost(StreamPosition)
    }

    public struct Counts: Hashable, Sendable {
        /// Publications handed on.
        public var delivered = 0
        /// Those of them that came with a resumption.
        public var recovered = 0
        /// Resumptions from a remembered position that brought everything.
        public var resumes = 0
        /// Resumptions for which the server no longer had everything.
        public var notRecovered = 0
        /// Publications that were missing before another one came.
        public var gaps = 0
        /// Publications that had come before.
        public var duplicates = 0
    }

    /// Attempts to connect that may fail in a row.
    public static let attemptsMax = 20

    public let channel: String
    private let connect: @Sendable () async throws -> LiveConnection
    private let handle: @Sendable (Delivery, ResumingSubscription) -> Void
    private let state: Mutex<State>

    /// - Parameters:
    ///   - since: what the follower has already, from a snapshot; nil begins at the channel's top.
    ///   - connect: makes a connection that has begun; called again for each resumption.
    ///   - handle: applies a delivery; the position moves on when it returns. It may cut the subscription that it is given.
    public init(
        to channel: String, since: StreamPosition?, connect: @escaping @Sendable () async throws -> LiveConnection,
        handle: @escaping @Sendable (Delivery, ResumingSubscription) -> Void
    ) {
        self.channel = channel
        self.connect = connect
        self.handle = handle
        state = Mutex(State(cursor: since.map(StreamCursor.init)))
    }

    public var counts: Counts { state.withLock(\.counts) }

    /// The last position that was applied.
    public var position: StreamPosition? { state.withLock(\.cursor)?.position }

    /// Drops the present connection as a lost network does; ``run()`` then resumes.
    public func cut(reset: Bool = true) {
        state.withLock(\.connection)?.cut(reset: reset)
    }

    /// Follows the channel until the task is cancelled.
    ///
    /// - Throws: ``ClosedConnection`` and `ProtocolError` where the server wants no other attempt, ``ClientError/unreachable(attempts:)``.
    public func run() async throws {
        defer { update { $0.isOver = true } }
        var backoff = Backoff()
        while !Task.isCancelled {
            do {
                let connection = try await connect()
                do {
                    try await follow(connection) { backoff.reset() }
                } catch {
                    connection.cut()
                    throw error
                }
                // Cut by this side, or cancelled: either way the connection is no longer of use.
                if Task.isCancelled { await connection.close() }
            } catch {
                if Task.isCancelled { return }
                guard error.isWorthAnotherAttempt else { throw error }
                guard backoff.failures < Self.attemptsMax else { throw ClientError.unreachable(attempts: backoff.failures) }
                await backoff.pause()
            }
        }
    }

    private func follow(_ connection: LiveConnection, begun: () -> Void) async throws {
        state.withLock { $0.connection = connection }
        defer { state.withLock { $0.connection = nil } }
        let subscription = try await connection.subscribe(channel, since: position)
        try begin(subscription)
        begun()
        for try await push in connection.pushes where push.channel == channel {
            switch push.body {
            case .publication(let publication): try accept(publication, isLive: true)
            case .unsubscribe(let ending):
                throw ending.isTerminal
                    ? ProtocolError(code: ending.code, message: ending.reason)
                    : ClosedConnection(code: Disconnect.insufficientState.code, reason: ending.reason)
            default: break
            }
        }
    }

    private func begin(_ subscription: Subscription) throws {
        guard let top = subscription.position else { throw ClientError.unexpectedMessage }
        if subscription.wasRecovering, subscription.recovered {
            try subscription.missed.forEach { try accept($0, isLive: false) }
            update {
                $0.counts.resumes += $0.subscriptions > 0 ? 1 : 0
                $0.subscriptions += 1
            }
        } else {
            if subscription.wasRecovering { handle(.lost(top), self) }
            update {
                $0.counts.notRecovered += subscription.wasRecovering ? 1 : 0
                $0.cursor = StreamCursor(top)
                $0.subscriptions += 1
            }
        }
    }

    private func accept(_ publication: Publication, isLive: Bool) throws {
        switch state.withLock({ $0.cursor?.step(to: publication.offset) ?? .next }) {
        case .next:
            handle(.publication(publication, isLive: isLive), self)
            update {
                $0.counts.delivered += 1
                $0.counts.recovered += isLive ? 0 : 1
                $0.cursor?.advance(to: publication.offset)
            }
        case .duplicate:
            update { $0.counts.duplicates += 1 }
        case .gap(let missing):
            update { $0.counts.gaps += Int(clamping: missing) }
            // What is missing may still be in the log: resume from what was applied.
            throw ClosedConnection(code: Disconnect.insufficientState.code, reason: "gap")
        }
    }
}

extension ResumingSubscription {
    /// Waits until the channel is watched for the first time; false when that has not come within the limit, or never will.
    public func isSubscribed(within limit: Duration) async -> Bool {
        await waits(within: limit) { $0.subscriptions > 0 }
    }

    /// Waits until everything up to and including `offset` is applied; false when that has not come within the limit, or never will.
    public func hasReached(_ offset: UInt64, within limit: Duration) async -> Bool {
        await waits(within: limit) { ($0.cursor?.position.offset ?? 0) >= offset }
    }

    private struct State: Sendable {
        var cursor: StreamCursor?
        var counts = Counts()
        var connection: LiveConnection?
        var subscriptions = 0
        var isOver = false
        var waiters: [Waiter] = []
    }

    private struct Waiter: Sendable {
        let holds: @Sendable (State) -> Bool
        let promise: EventLoopPromise<Bool>
    }

    private func waits(within limit: Duration, until holds: @escaping @Sendable (State) -> Bool) async -> Bool {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let promise = loop.makePromise(of: Bool.self)
        let deadline = loop.scheduleTask(in: TimeAmount(limit)) { promise.succeed(false) }
        update { $0.waiters.append(Waiter(holds: holds, promise: promise)) }
        defer { deadline.cancel() }
        return (try? await promise.futureResult.get()) ?? false
    }

    /// Changes the state and wakes whoever waited for it.
    private func update(_ change: (inout State) -> Void) {
        let answered = state.withLock { state in
            change(&state)
            guard !state.waiters.isEmpty else { return [(EventLoopPromise<Bool>, Bool)]() }
            let answered = state.waiters.compactMap { waiter -> (EventLoopPromise<Bool>, Bool)? in
                if waiter.holds(state) { return (waiter.promise, true) }
                return state.isOver ? (waiter.promise, false) : nil
            }
            let now = state
            state.waiters.removeAll { waiter in now.isOver || waiter.holds(now) }
            return answered
        }
        for (promise, answer) in answered { promise.succeed(answer) }
    }
}

extension Error {
    /// Whether a client that met this error comes back: the ranges of close codes and errors say so to every client (protocol A.5, A.8).
    fileprivate var isWorthAnotherAttempt: Bool {
        switch self {
        case let closed as ClosedConnection: !closed.isTerminal
        case let error as ProtocolError: error.temporary || error.code < 100 || error == .tokenExpired
        default: true
        }
    }
}
