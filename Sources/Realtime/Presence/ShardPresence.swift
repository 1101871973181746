import DequeModule
import Wire

/// One event loop's part in who is where: tells the others who comes and goes, and waits before it tells of those who may come back.
final class ShardPresence {
    private struct HeldLeave {
        let channel: String
        let client: String
        let hold: Int
        let isTold: Bool
        let due: Int
    }

    private unowned let shard: HubShard
    private let registry: PresenceRegistry
    /// In the order in which they are due.
    private var held = Deque<HeldLeave>()
    /// Since the start.
    private var holds = 0
    private let alarm = Alarm()

    init(shard: HubShard, registry: PresenceRegistry) {
        self.shard = shard
        self.registry = registry
        alarm.action = { [weak self] in self?.timeReached() }
    }

    /// - Returns: whether the connection is shown, and so has to ``leave(_:client:_:mayReturn:)``.
    func join(_ channel: String, _ info: ClientInfo, _ options: ChannelOptions) -> Bool {
        switch registry.join(info, to: channel) {
        case .joined:
            if options.joinLeave || options.forcePushJoinLeave { shard.tellEveryone(.join(info), on: channel) }
            return true
        case .returned: return true
        case .full:
            shard.figures.hit(.presenceSize)
            return false
        }
    }

    func leave(_ channel: String, client: String, _ options: ChannelOptions, mayReturn: Bool) {
        // When the server goes away everyone does, and comes back elsewhere: that is no news.
        let isTold = (options.joinLeave || options.forcePushJoinLeave) && !(mayReturn && shard.ledger.isDraining)
        let holdSeconds = shard.settings.leaveHoldSeconds
        let mayHold = mayReturn && holdSeconds > 0 && held.count < shard.settings.heldLeavesMax
        holds += 1
        switch registry.leave(channel, client: client, hold: mayHold ? holds : nil) {
        case .left(let info): if isTold { shard.tellEveryone(.leave(info), on: channel) }
        case .held:
            held.append(HeldLeave(channel: channel, client: client, hold: holds, isTold: isTold, due: shard.now + holdSeconds))
            if alarm.due == nil { shard.set(alarm, at: shard.now + holdSeconds) }
        case .unknown: break
        }
    }

    private func timeReached() {
        while let next = held.first, next.due <= shard.now {
            held.removeFirst()
            // Of the last ones before the server goes away nobody needs to hear either.
            guard let info = registry.expire(next.channel, client: next.client, hold: next.hold), next.isTold, !shard.ledger.isDraining
            else {
                continue
            }
            shard.tellEveryone(.leave(info), on: next.channel)
        }
        if let next = held.first { shard.set(alarm, at: next.due) }
    }
}
