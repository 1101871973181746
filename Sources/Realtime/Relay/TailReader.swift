import Core
import Wire

/// One look at the end of a log.
struct TailReader: Sendable {
    /// Channels that one look can name; when more have moved, everybody reads.
    static let channelsMax = 10_000
    /// Events of a system channel that are read at once.
    static let pageEventsMax = 300

    let tail: any LogTail
    let log: any EventLog
    let relay: EventRelay
    let hub: Hub
    let lease: LogLease?

    /// Where the log stands now, for everything that has no position yet.
    func start() async throws -> LogMark {
        let mark = try await tail.moves(since: nil, limit: 0).mark
        let moment = ContinuousClock.now
        for channel in relay.systemChannels {
            relay.begin(channel, at: try await log.read(channel: channel, after: nil, limit: 0, reverse: false).top)
        }
        lease?.renew(from: moment)
        return mark
    }

    /// - Returns: where the next look begins.
    func look(since mark: LogMark) async throws -> LogMark {
        let moment = ContinuousClock.now
        let moves = try await tail.moves(since: mark, limit: Self.channelsMax)
        // First: whoever was sent away while this node was away hears nothing more.
        for channel in relay.systemChannels {
            guard let tops = moves.tops else {
                try await catchUp(channel, upTo: try await log.read(channel: channel, after: nil, limit: 0, reverse: false).top)
                continue
            }
            if let move = tops.first(where: { $0.channel == channel }) { try await catchUp(channel, upTo: move.top) }
        }
        lease?.renew(from: moment)
        if let tops = moves.tops {
            if !tops.isEmpty { hub.announce(tops) }
        } else {
            hub.announceEverywhere()
        }
        return moves.mark
    }

    private func catchUp(_ channel: String, upTo top: StreamPosition) async throws {
        while let offset = relay.unread(channel, upTo: top) {
            let page = try await log.read(channel: channel, after: offset, limit: Self.pageEventsMax, reverse: false)
            relay.caughtUp(channel, with: page)
            // Each page's orders are carried out before the next one is read, so no loop is buried in them.
            await hub.ordersCarriedOut()
            guard page.entries.count == Self.pageEventsMax else { return }
        }
    }
}
