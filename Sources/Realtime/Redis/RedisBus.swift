import Logging
import NIOCore
import Synchronization
import Wire

/// The bus over channels of Redis: one subscription for each shard and for the node itself, one connection for all that is sent.
///
/// What can't be sent at once is dropped and counted, never kept: by the time Redis is back it is old, and the log has it.
public final class RedisBus: ClusterBus {
    private struct State {
        var figures = BusFigures()
        var openings = 0
        var receiver: (any BusReceiver)?
        var deliver: (@Sendable (_ commands: [UInt8], _ session: String) -> Void)?
    }

    private let names: RedisNames
    private let commands: RedisLink
    private let subscription: RedisLink
    private let roster: RedisRoster
    private let logger: Logger
    private let state = Mutex(State())
    private let isSending = Atomic<Bool>(false)
    private let isListening = Atomic<Bool>(false)

    /// - Parameter node: unique, and known to nobody outside of the cluster and the clients of its streams.
    public init(_ address: RedisAddress, node: String, logger: Logger = Logger(label: "ringside.redis")) {
        let names = RedisNames(database: address.database, node: node)
        self.names = names
        self.logger = logger
        commands = RedisLink(to: address, logger: logger)
        subscription = RedisLink(to: address, channels: names.everyShard + [names.mailbox(of: node)], logger: logger)
        roster = RedisRoster(names: names, link: commands)
    }

    /// Who is where, over the same connection.
    public var clusterRoster: any ClusterRoster { roster }

    /// Counts that all nodes share, over the same connection.
    public var rateLimits: RedisRateLimits { RedisRateLimits(names: names, link: commands) }

    public func start(_ receiver: any BusReceiver) {
        state.withLock { $0.receiver = receiver }
        var sending = RedisLink.Callbacks()
        sending.opened = { [self] in
            opened(isSending)
            roster.connected()
        }
        sending.lost = { [self] in isSending.store(false, ordering: .relaxed) }
        sending.tick = { [roster] in roster.tick() }
        var listening = RedisLink.Callbacks()
        listening.opened = { [self] in
            opened(isListening)
            receiver.beganListening()
        }
        listening.lost = { [self] in isListening.store(false, ordering: .relaxed) }
        listening.message = { [self] _, message in received(message) }
        commands.start(sending)
        subscription.start(listening)
    }

    /// Leaves the cluster. Only after ``start(_:)``.
    public func stop() async {
        roster.leave()
        await commands.stop()
        await subscription.stop()
        state.withLock { $0.receiver = nil }
    }

    public func receiveCommands(_ deliver: @escaping @Sendable (_ commands: [UInt8], _ session: String) -> Void) {
        state.withLock { $0.deliver = deliver }
    }

    public var figures: BusFigures {
        var figures = state.withLock { state in
            var figures = state.figures
            // The first time is none.
            figures.reconnects = max(0, state.openings - 2)
            return figures
        }
        figures.isConnected = isSending.load(ordering: .relaxed) && isListening.load(ordering: .relaxed)
        return figures
    }

    // MARK: Sending

    public func tell(_ news: [BusNews]) {
        guard !news.isEmpty else { return }
        var isTold = false
        if isSending.load(ordering: .relaxed) {
            var command = RedisCommand()
            for (shard, part) in byShard(news) {
                let message = BusCodec.encode(BusMessage(node: names.node, body: .news(part)))
                command.append(["PUBLISH", .text(shard), .buffer(message)])
            }
            isTold = commands.send(command)
        }
        state.withLock { state in
            if isTold { state.figures.published += news.count } else { state.figures.dropped += news.count }
        }
    }

    /// In the order in which they came.
    private func byShard(_ news: [BusNews]) -> [(shard: String, news: [BusNews])] {
        var parts: [(shard: String, news: [BusNews])] = []
        for one in news {
            let shard = names.shard(of: one.channel)
            if let index = parts.firstIndex(where: { $0.shard == shard }) {
                parts[index].news.append(one)
            } else {
                parts.append((shard, [one]))
            }
        }
        return parts
    }

    public func pass(_ commands: [UInt8], to session: String, on node: String) async -> Bool {
        let message = BusCodec.encode(BusMessage(node: names.node, body: .commands(commands, session: session)))
        let reply = await self.commands.ask(RedisCommand("PUBLISH", .text(names.mailbox(of: node)), .buffer(message)))
        return (reply?.integer ?? 0) > 0
    }

    // MARK: Listening

    private func opened(_ flag: borrowing Atomic<Bool>) {
        flag.store(true, ordering: .relaxed)
        state.withLock { $0.openings += 1 }
    }

    private func received(_ bytes: ByteBuffer) {
        do {
            let message = try BusCodec.decode(bytes)
            guard message.node != names.node else { return }
            switch message.body {
            case .news(let news):
                let receiver = state.withLock { state in
                    state.figures.received += news.count
                    return state.receiver
                }
                receiver?.received(news)
            case .commands(let commands, let session):
                state.withLock { $0.deliver }?(commands, session)
            }
        } catch {
            state.withLock { $0.figures.malformed += 1 }
        }
    }
}
