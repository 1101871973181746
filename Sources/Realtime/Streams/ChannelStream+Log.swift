import Core
import Wire

/// How a stream reads the log, and what it makes of what comes back.
extension ChannelStream {
    /// A read has come back.
    mutating func completed(read id: Int, _ page: LogPage) -> [Action] {
        guard let done = reading, done.id == id else { return [] }
        reading = nil
        guard let top else {
            begin(with: page, done)
            return advanced()
        }
        guard page.top.epoch == top.epoch else { return restarted() }
        switch done.read {
        case .top:
            announced = max(announced, page.top.offset)
            return advanced()
        case .tail(let before, let limit):
            let oldest = recent.first?.offset
            extend(with: page.entries, upTo: top.offset)
            // A page that joins nothing shows a hole, unless what it was to join was dropped meanwhile.
            let isHole = recent.first?.offset == oldest && before == oldest ?? (top.offset + 1)
            if page.entries.count < limit || isHole { markWaiters(done) { $0.hasSeenTail = true } }
            return advanced()
        case .forward(_, let limit):
            return caughtUp(from: top.offset, with: page, limit, done)
        }
    }

    /// A read of the position has come back.
    mutating func completed(read id: Int, top: StreamPosition) -> [Action] {
        completed(read: id, LogPage(top: top, entries: []))
    }

    /// A read has failed.
    mutating func failed(read id: Int) -> [Action] {
        guard let done = reading, done.id == id else { return [] }
        reading = nil
        var actions = waiters.map { Action.fail(ticket: $0.ticket) }
        waiters.removeAll()
        guard top != nil else {
            forget()
            return actions
        }
        if done.closesGap || isBehind { backOff(&actions) }
        trim()
        return actions
    }

    /// The pause after a failed attempt is over.
    mutating func retry() -> [Action] {
        guard isRetryPending else { return [] }
        isRetryPending = false
        mustCheck = true
        return advanced()
    }

    private mutating func begin(with page: LogPage, _ done: ReadInFlight) {
        top = page.top
        isQuiet = true
        extend(with: page.entries, upTo: page.top.offset)
        markWaiters(done) { $0.hasSeenTop = true }
        if case .tail(_, let limit) = done.read, page.entries.count < limit || recent.count < page.entries.count {
            markWaiters(done) { $0.hasSeenTail = true }
        }
        failures = 0
    }

    /// Takes in entries that come newest first.
    private mutating func extend(with entries: [LogEntry], upTo offset: UInt64) {
        guard let epoch = top?.epoch else { return }
        recent = KeptEvents(mergeHistory(entries.reversed().map { broadcast($0, epoch: epoch) }, before: recent.events, top: offset))
    }

    /// What a page says that follows a position; empty where it shows a gap, nothing, or another life of the log.
    func broadcasts(_ page: LogPage, after position: StreamPosition) -> [Broadcast] {
        guard page.top.epoch == position.epoch else { return [] }
        var broadcasts: [Broadcast] = []
        for (entry, number) in zip(page.entries, 1...) {
            guard entry.offset - position.offset == number else { return [] }
            broadcasts.append(broadcast(entry, epoch: position.epoch))
        }
        return broadcasts
    }

    private func broadcast(_ entry: LogEntry, epoch: String) -> Broadcast {
        Broadcast(
            channel: channel, position: StreamPosition(epoch: epoch, offset: entry.offset), data: entry.data, tags: entry.tags,
            info: entry.info
        )
    }

    /// Takes in entries that come in order, and asks for more as long as there are.
    private mutating func caughtUp(from start: UInt64, with page: LogPage, _ limit: Int, _ done: ReadInFlight) -> [Action] {
        var actions: [Action] = []
        for entry in page.entries where entry.offset > offset {
            // The log was pruned between our position and its oldest entry.
            guard entry.offset == offset + 1 else { return restarted(after: actions) }
            deliver(broadcast(entry, epoch: page.top.epoch), &actions)
        }
        if page.top.offset > offset {
            guard page.entries.count >= limit else { return restarted(after: actions) }
            mustCheck = true
        } else {
            markWaiters(done) { $0.hasSeenTop = true }
        }
        releaseEarly(&actions)
        if offset > start { failures = 0 }
        if isBehind, !mustCheck, offset == start {
            // The log does not show yet what was announced: asking again at once would spin.
            backOff(&actions)
        }
        return advanced(after: actions)
    }

    private mutating func backOff(_ actions: inout [Action]) {
        failures += 1
        guard failures <= limits.failuresMax else {
            actions = restarted(after: actions)
            return
        }
        isRetryPending = true
        actions.append(.retry(afterSeconds: min(1 << (failures - 1), limits.retrySecondsMax)))
    }

    private mutating func markWaiters(_ done: ReadInFlight, _ mark: (inout Waiter) -> Void) {
        for index in waiters.indices where waiters[index].ticket <= done.ticketMax { mark(&waiters[index]) }
    }

    mutating func startRead(_ needs: Set<Need>, _ actions: inout [Action]) {
        guard reading == nil, !isRetryPending else { return }
        let read: LogRead
        if top == nil {
            guard !waiters.isEmpty else { return }
            read = firstRead
        } else if isBehind || needs.contains(.top) {
            read = .forward(after: offset, limit: limits.pageEventsMax)
        } else if needs.contains(.tail) {
            // From what is kept on back, or from our own position: the log may be far ahead of the events that were handed over.
            read = .tail(before: recent.first?.offset ?? offset + 1, limit: limits.pageEventsMax)
        } else {
            return
        }
        readsStarted += 1
        reading = ReadInFlight(id: readsStarted, read: read, ticketMax: waiters.last?.ticket ?? 0, closesGap: isBehind)
        mustCheck = false
        actions.append(.read(read, id: readsStarted))
    }

    /// No more than those who wait for it need.
    private var firstRead: LogRead {
        if waiters.contains(where: { !$0.isCache && $0.since != nil }) { return .tail(before: nil, limit: limits.pageEventsMax) }
        return waiters.contains(where: \.isCache) ? .tail(before: nil, limit: 1) : .top
    }
}
