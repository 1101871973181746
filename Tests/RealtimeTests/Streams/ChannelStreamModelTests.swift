import Core
import SeededRandom
import Testing
import Wire

@testable import Realtime

@Suite struct ChannelStreamModelTests {
    @Test(arguments: 0..<20)
    func `every watcher sees exactly the log, whatever is late, lost, failing or pruned`(block: Int) {
        for seed in 0..<1_000 {
            var model = StreamModel(seed: UInt64(block * 1_000 + seed))
            for _ in 0..<40 where model.complaint == nil { model.takeStep() }
            if model.complaint == nil { model.comeToRest() }
            if let complaint = model.complaint {
                Issue.record("seed \(block * 1_000 + seed): \(complaint)")
                return
            }
        }
    }
}

/// One channel, its log, the relay and some clients; every step is chosen by the seed.
private struct StreamModel {
    private struct Client {
        var position: StreamPosition?
        var ticket: Int?
        var since: StreamPosition?
        var isLive = false
    }

    private struct PendingRead {
        let id: Int
        let read: ChannelStream.LogRead
        /// What the log answered when the read began.
        let early: LogPage
    }

    private static let limits = StreamLimits(
        recentEventsMax: 4, recentBytesMax: 1 << 20, recoveryEventsMax: 8, recoveryBytesMax: 1 << 20, earlyEventsMax: 4,
        earlyBytesMax: 1 << 20, pageEventsMax: 3, failuresMax: 2, retrySecondsMax: 8
    )

    private var random: SplitMix64
    private var stream = ChannelStream(channel: "c", limits: limits)
    private var epoch = 1
    private var top: UInt64 = 0
    /// Entries up to here are gone.
    private var pruned: UInt64 = 0
    private var relay: [Broadcast] = []
    private var reads: [PendingRead] = []
    /// The read whose answer counts; others began before the stream began anew.
    private var readInFlight: Int?
    private var isRetryDue = false
    private var clients = Array(repeating: Client(), count: 5)
    private var tickets = 0
    private(set) var complaint: String?

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    private var position: StreamPosition { StreamPosition(epoch: "e\(epoch)", offset: top) }

    // MARK: Steps

    mutating func takeStep() {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<30: commit()
        case 30..<52: handOver()
        case 52..<56: loseSome()
        case 56..<76: subscribe(Int.random(in: 0..<clients.count, using: &random))
        case 76..<82: unsubscribe(Int.random(in: 0..<clients.count, using: &random))
        case 82..<94: finishRead(failing: Int.random(in: 0..<6, using: &random) == 0)
        case 94..<96: retry()
        case 96: perform(stream.verify())
        case 97..<99: pruned = max(pruned, UInt64.random(in: 0...top, using: &random))
        default: if Int.random(in: 0..<4, using: &random) == 0 { restore() }
        }
    }

    /// Everything that is under way ends well; then everyone must have everything.
    mutating func comeToRest() {
        var rounds = 0
        while complaint == nil, !relay.isEmpty || !reads.isEmpty || isRetryDue {
            handOver()
            finishRead(failing: false)
            retry()
            rounds += 1
            if rounds > 1_000 { complaint = "never comes to rest" }
        }
        for (index, client) in clients.enumerated() where complaint == nil {
            if client.ticket != nil, !client.isLive { complaint = "client \(index) was never answered" }
            if client.isLive, client.position != position { complaint = "client \(index) did not get everything" }
        }
        if complaint == nil, stream.recent.count > Self.limits.recentEventsMax { complaint = "keeps too much" }
    }

    private mutating func commit() {
        top += 1
        relay.append(Broadcast(channel: "c", position: position, data: Self.data(position)))
    }

    private mutating func handOver() {
        guard !relay.isEmpty else { return }
        perform(stream.receive(relay.removeFirst()))
    }

    /// The hand-off overflowed: some events are dropped, and only that is told.
    private mutating func loseSome() {
        guard !relay.isEmpty else { return }
        let count = Int.random(in: 1...relay.count, using: &random)
        let last = relay[count - 1]
        relay.removeFirst(count)
        perform(Bool.random(using: &random) ? stream.announce(last.position) : stream.checkLog())
    }

    private mutating func subscribe(_ index: Int) {
        guard clients[index].ticket == nil else { return }
        tickets += 1
        let since: StreamPosition? =
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<3: nil
            case 3: position  // from a snapshot that was read right after the last commit
            case 4: StreamPosition(epoch: "", offset: 0)
            case 5: StreamPosition(epoch: "_", offset: 0)
            default: clients[index].position
            }
        clients[index] = Client(position: clients[index].position, ticket: tickets, since: since)
        perform(stream.subscribe(ticket: tickets, since: since))
    }

    private mutating func unsubscribe(_ index: Int) {
        guard let ticket = clients[index].ticket else { return }
        if !clients[index].isLive { stream.cancel(ticket: ticket) }
        clients[index].ticket = nil
        clients[index].isLive = false
    }

    private mutating func finishRead(failing: Bool) {
        guard !reads.isEmpty else { return }
        let pending = reads.removeFirst()
        if pending.id == readInFlight { readInFlight = nil }
        if failing { return perform(stream.failed(read: pending.id)) }
        perform(stream.completed(read: pending.id, Bool.random(using: &random) ? pending.early : page(pending.read)))
    }

    private mutating func retry() {
        guard isRetryDue else { return }
        isRetryDue = false
        perform(stream.retry())
    }

    private mutating func restore() {
        epoch += 1
        top = 0
        pruned = 0
        relay = []
        // The server tells of it with the first event of the new life.
        commit()
    }

    // MARK: What the stream asks for

    private mutating func perform(_ actions: [ChannelStream.Action]) {
        for action in actions {
            switch action {
            case .read(let read, let id): begin(read, id)
            case .readTop(let id): begin(.top, id)
            case .deliver(let event): deliver(event)
            case .answer(let ticket, let start): answer(ticket, start)
            case .fail(let ticket):
                guard let index = clients.firstIndex(where: { $0.ticket == ticket }) else { break }
                clients[index].ticket = nil
            case .retry: isRetryDue = true
            case .lost:
                readInFlight = nil
                for index in clients.indices where clients[index].isLive {
                    clients[index].isLive = false
                    clients[index].ticket = nil
                }
            }
        }
    }

    private mutating func begin(_ read: ChannelStream.LogRead, _ id: Int) {
        if readInFlight != nil { complaint = "two reads at once" }
        readInFlight = id
        reads.append(PendingRead(id: id, read: read, early: page(read)))
    }

    private mutating func deliver(_ event: Broadcast) {
        if event.publication?.data != Self.data(event.position) { complaint = "wrong data at \(event.position)" }
        for index in clients.indices where clients[index].isLive {
            guard let position = clients[index].position else { continue }
            // As the shard does: what a watcher has already is skipped.
            if position.epoch == event.position.epoch, event.offset <= position.offset { continue }
            guard event.position == StreamPosition(epoch: position.epoch, offset: position.offset + 1) else {
                complaint = "client \(index) at \(position) got \(event.position)"
                return
            }
            clients[index].position = event.position
        }
    }

    private mutating func answer(_ ticket: Int, _ start: StreamStart) {
        guard let index = clients.firstIndex(where: { $0.ticket == ticket && !$0.isLive }) else {
            complaint = "an answer for nobody"
            return
        }
        let since = clients[index].since
        switch start.recovery {
        case .fresh: if since != nil { complaint = "recovery was forgotten" }
        case .recovered(let missed):
            guard let since else { return complaint = "recovered what nobody asked for" }
            let expected = since.offset < start.top.offset ? Array(since.offset + 1...start.top.offset) : []
            if missed.map(\.offset) != expected { complaint = "recovered \(missed.map(\.offset)), not \(expected)" }
            for event in missed where event.publication?.data != Self.data(event.position) || event.position.epoch != start.top.epoch {
                complaint = "recovered wrong data"
            }
        case .unrecovered:
            guard let since else { return complaint = "unrecovered what nobody asked for" }
            let isForeign = !since.epoch.isEmpty && since.epoch != start.top.epoch
            let isTooOld = start.top.offset > since.offset + UInt64(Self.limits.recoveryEventsMax)
            let isOfAnOldLife = start.top.epoch != position.epoch
            if !isForeign, !isTooOld, !isOfAnOldLife, pruned <= since.offset { complaint = "gave up on \(since) at \(start.top)" }
        }
        clients[index].isLive = true
        clients[index].position = start.top
    }

    // MARK: The log

    private func page(_ read: ChannelStream.LogRead) -> LogPage {
        let kept = pruned < top ? Array(pruned + 1...top) : []
        let offsets: [UInt64] =
            switch read {
            case .top: []
            case .tail(let before, let limit): Array(kept.reversed().filter { $0 < before ?? .max }.prefix(limit))
            case .forward(let after, let limit): Array(kept.filter { $0 > after }.prefix(limit))
            }
        let epoch = position.epoch
        return LogPage(
            top: position, entries: offsets.map { LogEntry(offset: $0, data: Self.data(StreamPosition(epoch: epoch, offset: $0))) }
        )
    }

    private static func data(_ position: StreamPosition) -> RawJSON { RawJSON("[\"\(position.epoch)\",\(position.offset)]") }
}
