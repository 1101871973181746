import Core
import DequeModule
import Wire

/// What one event loop knows of one channel, as a pure state machine: it is told what happened and returns what is to be done.
///
/// It turns three unreliable sources (events handed over after each commit, hints that something was dropped, reads of the log that may be
/// slow, stale or fail) into one sequence without gap, duplicate or change of order. Everyone who watches the channel on this loop is at the
/// same position, ``top``; a new watcher is first brought there. At most one read of the log is under way, however many wait for it.
struct ChannelStream {
    enum Action {
        case read(LogRead, id: Int)
        /// To everyone who watches, in the order of the actions.
        case deliver(Broadcast)
        /// The watcher is at the start's ``StreamStart/top`` now and gets everything that is delivered after it.
        case answer(ticket: Int, StreamStart)
        /// The log could not be read; the watcher may try again.
        case fail(ticket: Int)
        /// ``retry()`` is to be called after so many seconds.
        case retry(afterSeconds: Int)
        /// There is a gap that can't be closed: whoever watches must begin anew.
        case lost
    }

    enum LogRead: Equatable {
        /// The position alone.
        case top
        /// The newest events, or the newest before an offset.
        case tail(before: UInt64?, limit: Int)
        case forward(after: UInt64, limit: Int)
    }

    private struct Waiter {
        let ticket: Int
        let since: StreamPosition?
        /// A read that began after the waiter came has seen the log's end.
        var hasSeenTop = false
        /// The same for the newest events.
        var hasSeenTail = false
    }

    private enum Need {
        case top, tail
    }

    private struct ReadInFlight {
        let id: Int
        let read: LogRead
        /// Waiters up to this ticket came before the read began.
        let ticketMax: Int
        /// The stream had fallen behind, so a failure is a gap.
        let closesGap: Bool
    }

    let channel: String
    private let limits: StreamLimits

    /// The last event delivered; nil while nothing is known.
    private(set) var top: StreamPosition?
    /// The newest delivered events, without holes, ending at ``top``.
    private(set) var recent = Deque<Broadcast>()
    private var recentBytes = 0
    /// Events that can't be delivered yet, because what comes before them is missing.
    private var early = Deque<Broadcast>()
    private var earlyBytes = 0
    /// The channel is known to reach this far.
    private var announced: UInt64 = 0
    /// Something may have been dropped, nobody knows what.
    private var mustCheck = false
    private var waiters: [Waiter] = []
    private var reading: ReadInFlight?
    private var readsStarted = 0
    private var failures = 0
    private var isRetryPending = false

    init(channel: String, limits: StreamLimits = StreamLimits()) {
        self.channel = channel
        self.limits = limits
    }

    // MARK: Watchers

    /// - Parameters:
    ///   - ticket: Greater than that of everyone before.
    ///   - since: The last event the watcher has; nil to begin now.
    mutating func subscribe(ticket: Int, since: StreamPosition?) -> [Action] {
        waiters.append(Waiter(ticket: ticket, since: since))
        return advanced()
    }

    /// Forgets a watcher that was not answered yet.
    mutating func cancel(ticket: Int) {
        waiters.removeAll { $0.ticket == ticket }
    }

    // MARK: Events

    /// An event was committed. Events of a channel come in their order, but some may be missing and some may be known already.
    mutating func receive(_ event: Broadcast) -> [Action] {
        guard let top else {
            if !isIdle { hold(event) }
            return []
        }
        guard event.position.epoch == top.epoch else { return restarted() }
        guard event.offset > top.offset else { return [] }
        if event.offset == top.offset + 1, early.isEmpty {
            append(event)
            // A waiter may have asked for just this event.
            guard waiters.isEmpty else { return advanced(after: [.deliver(event)]) }
            trim()
            return [.deliver(event)]
        }
        hold(event)
        return advanced()
    }

    /// Events up to this position were committed, but could not be handed over.
    mutating func announce(_ position: StreamPosition) -> [Action] {
        if let top, top.epoch != position.epoch { return restarted() }
        guard !isIdle else { return [] }
        announced = max(announced, position.offset)
        return advanced()
    }

    /// Events may have been committed that were not handed over.
    mutating func checkLog() -> [Action] {
        guard !isIdle else { return [] }
        mustCheck = true
        return advanced()
    }

    // MARK: The log

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
            return advanced()
        case .tail:
            extend(with: page.entries, upTo: top.offset)
            markWaiters(done) { $0.hasSeenTail = true }
            return advanced()
        case .forward(_, let limit):
            return caughtUp(from: top.offset, with: page, limit, done)
        }
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
        extend(with: page.entries, upTo: page.top.offset)
        markWaiters(done) {
            $0.hasSeenTop = true
            if case .tail = done.read { $0.hasSeenTail = true }
        }
        failures = 0
    }

    /// Takes in entries that come newest first.
    private mutating func extend(with entries: [LogEntry], upTo offset: UInt64) {
        guard let epoch = top?.epoch else { return }
        recent = mergeHistory(entries.reversed().map { broadcast($0, epoch: epoch) }, before: recent, top: offset)
        recentBytes = recent.reduce(0) { $0 + $1.retainedBytes }
    }

    private func broadcast(_ entry: LogEntry, epoch: String) -> Broadcast {
        Broadcast(channel: channel, position: StreamPosition(epoch: epoch, offset: entry.offset), data: entry.data)
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

    // MARK: What follows

    private mutating func advanced(after earlier: [Action] = []) -> [Action] {
        var actions = earlier
        if let epoch = top?.epoch, early.contains(where: { $0.position.epoch != epoch }) {
            // The log began another life while it was read.
            return restarted(after: actions)
        }
        releaseEarly(&actions)
        let needs = answerWaiters(&actions)
        startRead(needs, &actions)
        // Only now: a waiter may have needed more than is kept.
        trim()
        return actions
    }

    private mutating func releaseEarly(_ actions: inout [Action]) {
        guard top != nil else { return }
        while let next = early.first, next.offset <= offset + 1 {
            early.removeFirst()
            earlyBytes -= next.retainedBytes
            if next.offset == offset + 1 { deliver(next, &actions) }
        }
    }

    /// Answers everyone who can be; returns what the others need of the log.
    private mutating func answerWaiters(_ actions: inout [Action]) -> Set<Need> {
        guard let top, !waiters.isEmpty else { return [] }
        var needs: Set<Need> = []
        var unanswered: [Waiter] = []
        for waiter in waiters {
            let (recovery, need) = resolve(waiter, top)
            if let recovery {
                actions.append(.answer(ticket: waiter.ticket, StreamStart(top: top, recovery: recovery)))
            } else {
                unanswered.append(waiter)
                if let need { needs.insert(need) }
            }
        }
        waiters = unanswered
        return needs
    }

    private func resolve(_ waiter: Waiter, _ top: StreamPosition) -> (StreamStart.Recovery?, Need?) {
        guard let since = waiter.since else { return (.fresh, nil) }
        guard since.epoch.isEmpty || since.epoch == top.epoch else { return (.unrecovered, nil) }
        guard since.offset <= top.offset else {
            // A snapshot read right after the commit may be ahead of this loop, so the log is asked before the position is called wrong.
            return waiter.hasSeenTop ? (.unrecovered, nil) : (nil, .top)
        }
        let count = top.offset - since.offset
        guard count <= limits.recoveryEventsMax else { return (.unrecovered, nil) }
        guard count <= recent.count else { return waiter.hasSeenTail ? (.unrecovered, nil) : (nil, .tail) }
        let missed = Array(recent.suffix(Int(count)))
        let bytes = missed.reduce(0) { $0 + $1.data.bytes.count }
        return (bytes <= limits.recoveryBytesMax ? .recovered(missed) : .unrecovered, nil)
    }

    private mutating func startRead(_ needs: Set<Need>, _ actions: inout [Action]) {
        guard reading == nil, !isRetryPending else { return }
        let read: LogRead
        if top == nil {
            guard !waiters.isEmpty else { return }
            read = waiters.contains { $0.since != nil } ? .tail(before: nil, limit: limits.recoveryEventsMax) : .top
        } else if isBehind || needs.contains(.top) {
            read = .forward(after: offset, limit: limits.pageEventsMax)
        } else if needs.contains(.tail) {
            // From our own position: the log may be far ahead of the events that were handed over.
            read = .tail(before: offset + 1, limit: limits.recoveryEventsMax)
        } else {
            return
        }
        readsStarted += 1
        reading = ReadInFlight(id: readsStarted, read: read, ticketMax: waiters.last?.ticket ?? 0, closesGap: isBehind)
        mustCheck = false
        actions.append(.read(read, id: readsStarted))
    }

    /// There is a gap, or the log began another life. Those who wait are served from the log as it is now.
    private mutating func restarted(after earlier: [Action] = []) -> [Action] {
        top = nil
        forget()
        return advanced(after: earlier + [.lost])
    }

    private mutating func forget() {
        recent.removeAll()
        recentBytes = 0
        early.removeAll()
        earlyBytes = 0
        announced = 0
        mustCheck = false
        reading = nil
        failures = 0
        isRetryPending = false
    }

    // MARK: Events kept

    private var offset: UInt64 { top?.offset ?? 0 }

    /// Nothing is known and nobody waits: who comes later reads a log that has everything of now.
    private var isIdle: Bool { top == nil && reading == nil }

    private var isBehind: Bool { mustCheck || !early.isEmpty || announced > offset }

    private mutating func deliver(_ event: Broadcast, _ actions: inout [Action]) {
        append(event)
        actions.append(.deliver(event))
    }

    private mutating func append(_ event: Broadcast) {
        top = event.position
        recent.append(event)
        recentBytes += event.retainedBytes
    }

    private mutating func trim() {
        var eventsMax = limits.recentEventsMax
        var bytesMax = limits.recentBytesMax
        if case .tail = reading?.read {
            // What comes before them is being read for somebody who wants all of it.
            eventsMax = max(eventsMax, limits.recoveryEventsMax)
            bytesMax = max(bytesMax, 2 * limits.recoveryBytesMax)
        }
        while recent.count > eventsMax || recentBytes > bytesMax, let oldest = recent.popFirst() {
            recentBytes -= oldest.retainedBytes
        }
    }

    private mutating func hold(_ event: Broadcast) {
        if early.count >= limits.earlyEventsMax || earlyBytes + event.retainedBytes > limits.earlyBytesMax {
            early.removeAll()
            earlyBytes = 0
        }
        early.append(event)
        earlyBytes += event.retainedBytes
    }
}
