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
        handOver([Broadcast(ephemeral: .publication(publication), on: channel)], [])
    }

    /// Forgets the recent events of a channel whose log was removed. To be called once it was; nobody who resumes after this gets any of
    /// what was there before.
    public func historyRemoved(of channel: String) async {
        for seat in seats { seat.inbox.put(removalOf: channel) }
        await onEveryLoop { $0.pump(isUrgent: true) }
    }

    /// Subscribes connections of a user who are not in the channel yet.
    ///
    /// - Parameters:
    ///   - client: only that connection; nil for all of the user's.
    ///   - recoverSince: they get what came after it first.
    public func subscribe(
        user: String, client: String? = nil, session: String? = nil, channel: String, grant: ChannelGrant,
        recoverSince: StreamPosition? = nil
    ) async {
        await onEveryLoop { shard in
            for connection in shard.connections(of: user, client: client, secret: session) {
                connection.subscribe(to: channel, grant, since: recoverSince)
            }
        }
    }

    /// Ends subscriptions of a user, whoever began them.
    public func unsubscribe(
        user: String, client: String? = nil, session: String? = nil, channel: String, reason: Unsubscription = .server
    ) async {
        await onEveryLoop { shard in
            for connection in shard.connections(of: user, client: client, secret: session) {
                connection.unsubscribe(from: channel, reason)
            }
        }
    }

    /// Closes connections of a user.
    ///
    /// - Parameter whitelist: names of connections that stay.
    public func disconnect(
        user: String, client: String? = nil, session: String? = nil, reason: Disconnect = .forceNoReconnect, whitelist: Set<String> = []
    ) async {
        await onEveryLoop { shard in
            for connection in shard.connections(of: user, client: client, secret: session) where !whitelist.contains(connection.client) {
                connection.close(reason)
            }
        }
    }

    /// Moves the end of a user's connections.
    ///
    /// - Parameter expiresAt: nil for no end; one that is past closes them.
    public func refresh(user: String, client: String? = nil, session: String? = nil, expiresAt: Instant?) async {
        await onEveryLoop { shard in
            for connection in shard.connections(of: user, client: client, secret: session) { connection.refresh(expiresAt: expiresAt) }
        }
    }

    /// Who is in a channel, by the connections' names.
    public func presence(_ channel: String) -> [String: ClientInfo] { registry.clients(of: channel) }

    public func presenceStats(_ channel: String) -> PresenceStatsResult { registry.counts(of: channel) }

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
    private func onEveryLoop<Value: Sendable>(_ body: @escaping @Sendable (HubShard) -> Value) async -> [Value] {
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
