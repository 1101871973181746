import NIOCore
import Wire

/// What the server does to those who are connected: the server API's side of the hub. Callable from any thread.
extension Hub {
    /// Tells everyone who watches the channel now. Nothing is kept: what is to last is appended to the log instead, and reaches the
    /// watchers as a committed event.
    ///
    /// - Parameter publication: its offset is ignored.
    public func publish(_ publication: Publication, to channel: String) {
        var publication = publication
        publication.offset = 0
        tellEveryone(.publication(publication), on: channel)
    }

    /// Tells everyone who watches the channel, on every event loop and every node, for as long as it is of interest.
    func tellEveryone(_ content: Broadcast.Content, on channel: String) {
        handOver([Broadcast(ephemeral: content, on: channel)], [])
        guard let bus = services.bus else { return }
        switch content {
        case .publication(let publication): bus.tell([.publication(publication, channel: channel)])
        case .join(let info): bus.tell([.joined(info, channel: channel)])
        case .leave(let info): bus.tell([.left(info, channel: channel)])
        }
    }

    /// Channels with subscribers, and how many.
    ///
    /// - Parameter pattern: `*` stands for any text, `?` for one character of ASCII; empty for all channels.
    public func channels(_ pattern: String = "") async -> [String: Int] {
        let pattern = ChannelPattern(pattern)
        let audiences = await onEveryLoop { shard in shard.audiences.filter { pattern.matches($0.key) } }
        return audiences.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
    }

    public func info() async -> HubInfo {
        let audiences = await onEveryLoop { shard in shard.audiences }
        let channels = audiences.reduce(into: Set<String>()) { $0.formUnion($1.keys) }
        return HubInfo(
            node: settings.node, version: settings.version, connections: ledger.connections, users: ledger.users, channels: channels.count,
            subscriptions: audiences.reduce(0) { $0 + $1.values.reduce(0, +) },
            uptimeSeconds: Int(clamping: services.time.now.seconds(since: began))
        )
    }

    /// What each event loop has counted.
    public func figures() async -> [HubFigures] {
        await onEveryLoop { $0.currentFigures }
    }

    /// An event loop that has shut down has no part any more.
    @discardableResult
    func onEveryLoop<Value: Sendable>(_ body: @escaping @Sendable (HubShard) -> Value) async -> [Value] {
        let answers = seats.map { seat in seat.eventLoop.submit { body(seat.shard.value) } }
        var values: [Value] = []
        for answer in answers {
            if let value = try? await answer.get() { values.append(value) }
        }
        return values
    }
}

/// One process of the real-time engine.
public struct HubInfo: Hashable, Sendable {
    public let node: String
    public let version: String
    public let connections: Int
    /// Different people; all anonymous ones count as one.
    public let users: Int
    /// Channels that have subscribers.
    public let channels: Int
    public let subscriptions: Int
    public let uptimeSeconds: Int
}
