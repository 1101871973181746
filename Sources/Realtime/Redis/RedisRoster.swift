import NIOCore
import Synchronization
import Wire

/// Who is where, kept in Redis: a hash for each channel and node, and one for each node with the connections of its people.
///
/// A key says which node it belongs to, so that a node refreshes, and a death ends, whole keys. What happens is written at once; besides,
/// everything is written anew in rounds, which repairs what a lost command, a full or a restarted Redis has left wrong.
final class RedisRoster: ClusterRoster {
    private struct State {
        var source: (any RosterSource)?
        var round = PresenceRound()
        /// The tick with which the round began.
        var begunAt = 0
        /// Channels.
        var perTick = 0
        var ticks = 0
        /// Nodes that were there at the last look.
        var others: [String] = []
    }

    /// After this a node that says nothing is gone.
    static let expirySeconds = 45
    /// A third of it: two rounds may be lost.
    static let roundTicks = 15
    /// Between two looks at which nodes there are.
    private static let lookTicks = 5
    /// Of one user on another node; more is not believed.
    private static let connectionsMax = 10_000_000

    private let names: RedisNames
    private let link: RedisLink
    private let state = Mutex(State())

    init(names: RedisNames, link: RedisLink) {
        self.names = names
        self.link = link
    }

    func start(_ source: any RosterSource) { state.withLock { $0.source = source } }

    private var source: (any RosterSource)? { state.withLock { $0.source } }

    // MARK: As it happens

    func appeared(_ info: ClientInfo, in channel: String) {
        let key = names.presence(of: channel, on: names.node)
        var command = RedisCommand("HSET", .text(key), .text(info.client), .buffer(Self.encoded(info)))
        command.append(["EXPIRE", .text(key), "\(Self.expirySeconds)"])
        link.send(command)
    }

    func disappeared(client: String, from channel: String) {
        link.send(RedisCommand("HDEL", .text(names.presence(of: channel, on: names.node)), .text(client)))
    }

    func connections(of user: String, changedBy difference: Int) {
        let key = names.connections(on: names.node)
        var command = RedisCommand("HINCRBY", .text(key), .text(user), "\(difference)")
        // The first of all makes the key, and a node that dies right after it must leave none that stays.
        command.append(["EXPIRE", .text(key), "\(Self.expirySeconds)"])
        // What Redis does not take is told in the next round.
        link.send(command)
    }

    // MARK: In rounds

    /// Redis is there, perhaps anew and empty: everything is told at once.
    func connected() {
        beginRound(isAtOnce: true)
        tellLife()
        writeNext()
        look()
    }

    /// Called about once a second.
    func tick() {
        let ticks = state.withLock { state in
            state.ticks += 1
            return state.ticks
        }
        beginRound(isAtOnce: false)
        if ticks % Self.roundTicks == 0 { tellLife() }
        writeNext()
        if ticks % Self.lookTicks == 0 { look() }
    }

    /// Where it is time for one: a round that takes longer than it should is ended first.
    ///
    /// - Parameter isAtOnce: now, and as fast as there is room; else spread over its time.
    private func beginRound(isAtOnce: Bool) {
        guard let source, isAtOnce || state.withLock({ $0.round.isOver && $0.ticks - $0.begunAt >= Self.roundTicks }) else { return }
        let channels = source.presentChannels
        state.withLock { state in
            state.round.begin(channels)
            state.begunAt = state.ticks
            state.perTick = isAtOnce ? .max : channels.count / Self.roundTicks + 1
        }
    }

    /// That the node is there, and how many connections its people have.
    private func tellLife() {
        guard let source else { return }
        var command = RedisCommand("SET", .text(names.life(of: names.node)), "1", "EX", "\(Self.expirySeconds)")
        command.append(["SADD", .text(names.nodes), .text(names.node)])
        link.send(command)
        tellConnections(source)
    }

    /// All of them, each time: one that Redis did not take, or has lost, would be counted wrong for as long as the node lives. Somebody who comes
    /// or goes between the look and the command is counted wrong until the next round.
    private func tellConnections(_ source: any RosterSource) {
        let key = names.connections(on: names.node)
        var command = RedisCommand("MULTI")
        command.append(["DEL", .text(key)])
        let counts = source.connectionsByUser.filter { !$0.key.isEmpty }
        if !counts.isEmpty { command.append(["HSET", .text(key)] + counts.flatMap { [.text($0.key), "\($0.value)"] }) }
        command.append(["EXPIRE", .text(key), "\(Self.expirySeconds)"])
        command.append(["EXEC"])
        link.send(command)
    }

    /// As far as there is room, half of which is for what can't wait. Nobody is hidden meanwhile: what is too much is looked for when all of a
    /// channel is written.
    private func writeNext() {
        guard let source else { return }
        var left = state.withLock { $0.perTick }
        while left > 0, let part = state.withLock({ $0.round.nextPart(source.presentClients) }) {
            let (channel, isLast) = (part.channel, part.isLast)
            let isTaken = link.send(write(part), leaving: RedisLink.waitingBytesMax / 2) { [self] names in
                if isLast { strikeOff(from: channel, all: names) }
            }
            guard isTaken else { return }
            state.withLock { $0.round.written(part) }
            if isLast { left -= 1 }
        }
    }

    /// The answer to the last part are the names of all whom Redis has.
    private func write(_ part: PresenceRound.Part) -> RedisCommand {
        let key = names.presence(of: part.channel, on: names.node)
        var command = RedisCommand()
        if !part.clients.isEmpty {
            command.append(["HSET", .text(key)] + part.clients.flatMap { [.text($0.name), .buffer($0.info)] })
        }
        command.append(["EXPIRE", .text(key), "\(Self.expirySeconds)"])
        if part.isLast { command.append(["HKEYS", .text(key)]) }
        return command
    }

    /// Who left while the channel was being written, or whose leaving Redis did not take, goes now. Somebody who returns to the channel in this
    /// instant is hidden until the next round.
    private func strikeOff(from channel: String, all names: RedisReply?) {
        guard let source, let known = names?.list?.compactMap(\.string) else { return }
        let present = source.presentClients(of: channel)
        let gone = known.filter { present[$0] == nil }
        guard !gone.isEmpty else { return }
        let key = self.names.presence(of: channel, on: self.names.node)
        link.send(RedisCommand(words: ["HDEL", .text(key)] + gone.map { .text($0) }))
    }

    /// Takes what is known of this node away: it leaves, and need not be waited for.
    func leave() {
        guard let source else { return }
        var command = RedisCommand("SREM", .text(names.nodes), .text(names.node))
        let keys = [names.life(of: names.node), names.connections(on: names.node)]
        command.append(["UNLINK"] + (keys + source.presentChannels.map { names.presence(of: $0, on: names.node) }).map { .text($0) })
        link.send(command)
        state.withLock { $0.source = nil }
    }

    // MARK: The others

    /// Which nodes there are; those that died are struck off.
    private func look() {
        link.send(RedisCommand("SMEMBERS", .text(names.nodes))) { [self] reply in
            guard let reply else { return }
            let others = others(in: reply)
            state.withLock { $0.others = others }
            for node in others {
                link.send(RedisCommand("EXISTS", .text(names.life(of: node)))) { [self] reply in
                    if reply?.integer == 0 { link.send(RedisCommand("SREM", .text(names.nodes), .text(node))) }
                }
            }
        }
    }

    private func others(in reply: RedisReply) -> [String] {
        (reply.list ?? []).compactMap(\.string).filter { $0 != names.node }
    }

    func presence(of channel: String) async -> [String: ClientInfo] {
        guard let reply = await link.ask(RedisCommand("SMEMBERS", .text(names.nodes))) else { return [:] }
        return await withTaskGroup(of: [ClientInfo].self) { group in
            for node in others(in: reply) {
                group.addTask { [self] in
                    let values = await link.ask(RedisCommand("HVALS", .text(names.presence(of: channel, on: node))))
                    return (values?.list ?? []).compactMap { $0.buffer.flatMap(Self.decoded) }
                }
            }
            return await group.reduce(into: [:]) { clients, infos in
                for info in infos { clients[info.client] = info }
            }
        }
    }

    func connections(of user: String) async -> Int {
        let others = state.withLock { $0.others }
        return await withTaskGroup(of: Int.self) { group in
            for node in others {
                group.addTask { [self] in
                    let count = await link.ask(RedisCommand("HGET", .text(names.connections(on: node)), .text(user)))
                    return min(max(0, count?.string.flatMap { Int($0) } ?? 0), Self.connectionsMax)
                }
            }
            return await group.reduce(0, +)
        }
    }

    /// As it lies in Redis.
    static func encoded(_ info: ClientInfo) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeClient(info)
        return buffer
    }

    private static func decoded(_ bytes: ByteBuffer) -> ClientInfo? {
        var bytes = bytes
        return try? bytes.readClient()
    }
}
