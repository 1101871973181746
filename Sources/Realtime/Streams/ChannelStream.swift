import Core
import Wire

/// What one event loop knows of one channel, as a pure state machine: it is told what happened and returns what is to be done.
///
/// It turns three unreliable sources (events handed over after each commit, hints that something was dropped, reads of the log that may be
/// slow, stale or fail) into one sequence without gap, duplicate or change of order. Everyone who watches the channel on this loop is at
/// the same position, ``top``; a new watcher is first brought there. At most one read of the log is under way, however many wait for it.
struct ChannelStream {
    enum Action {
        case read(LogRead, id: Int)
        /// The position alone is wanted, but not at once: it may be read together with those of other channels.
        case readTop(id: Int)
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

    struct Waiter {
        let ticket: Int
        let since: StreamPosition?
        /// Only the latest event is wanted.
        let isCache: Bool
        /// A read that began after the waiter came has seen the log's end.
        var hasSeenTop = false
        /// There is nothing in the log before the oldest event that is kept here.
        var hasSeenTail = false
    }

    enum Need {
        case top, tail
    }

    struct ReadInFlight {
        let id: Int
        let read: LogRead
        /// Waiters up to this ticket came before the read began.
        let ticketMax: Int
        /// The stream had fallen behind, so a failure is a gap.
        let closesGap: Bool
    }

    let channel: String
    let limits: StreamLimits

    /// The last event delivered; nil while nothing is known.
    var top: StreamPosition?
    /// The newest delivered events, without holes, ending at ``top``.
    var recent = KeptEvents()
    /// Events that can't be delivered yet, because what comes before them is missing.
    var early = KeptEvents()
    /// The channel is known to reach this far.
    var announced: UInt64 = 0
    /// Something may have been dropped, nobody knows what.
    var mustCheck = false
    var waiters: [Waiter] = []
    var reading: ReadInFlight?
    var readsStarted = 0
    var failures = 0
    var isRetryPending = false
    /// Nothing was delivered since the last ``verify()``.
    var isQuiet = false

    init(channel: String, limits: StreamLimits = StreamLimits()) {
        self.channel = channel
        self.limits = limits
    }

    // MARK: Watchers

    /// - Parameters:
    ///   - ticket: Greater than that of everyone before.
    ///   - since: The last event the watcher has; nil to begin now.
    ///   - isCache: Of what was missed only the latest event is wanted, and that even at the beginning.
    mutating func subscribe(ticket: Int, since: StreamPosition?, isCache: Bool = false) -> [Action] {
        waiters.append(Waiter(ticket: ticket, since: since, isCache: isCache))
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

    /// The log has removed what it kept: nobody gets it from here either. Its top stays.
    mutating func historyRemoved() -> [Action] {
        recent.removeAll()
        // What is being read may be from before, so it is read once more.
        if let reading {
            mustCheck = mustCheck || reading.closesGap
            self.reading = nil
        }
        return advanced()
    }

    /// Called now and then while somebody watches: where nothing was delivered since the last time, the log's end is looked at, in case an
    /// event was lost on its way here. Once for the channel, however many watch it.
    mutating func verify() -> [Action] {
        defer { isQuiet = true }
        guard isQuiet, top != nil, reading == nil, !isRetryPending, !isBehind else { return [] }
        readsStarted += 1
        reading = ReadInFlight(id: readsStarted, read: .top, ticketMax: 0, closesGap: false)
        return [.readTop(id: readsStarted)]
    }

    // MARK: What follows

    mutating func advanced(after earlier: [Action] = []) -> [Action] {
        var actions = earlier
        if let epoch = top?.epoch, early.events.contains(where: { $0.position.epoch != epoch }) {
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

    mutating func releaseEarly(_ actions: inout [Action]) {
        guard top != nil else { return }
        while let next = early.first, next.offset <= offset + 1 {
            early.removeFirst()
            if next.offset == offset + 1 { deliver(next, &actions) }
        }
    }

    /// There is a gap, or the log began another life. Those who wait are served from the log as it is now.
    mutating func restarted(after earlier: [Action] = []) -> [Action] {
        top = nil
        forget()
        // What they have seen of the log was of its last life.
        for index in waiters.indices {
            waiters[index].hasSeenTop = false
            waiters[index].hasSeenTail = false
        }
        return advanced(after: earlier + [.lost])
    }

    mutating func forget() {
        recent.removeAll()
        early.removeAll()
        announced = 0
        mustCheck = false
        reading = nil
        failures = 0
        isRetryPending = false
    }

    // MARK: Events kept

    var offset: UInt64 { top?.offset ?? 0 }

    /// Nothing is known and nobody waits: who comes later reads a log that has everything of now.
    private var isIdle: Bool { top == nil && reading == nil }

    var isBehind: Bool { mustCheck || !early.isEmpty || announced > offset }

    mutating func deliver(_ event: Broadcast, _ actions: inout [Action]) {
        append(event)
        actions.append(.deliver(event))
    }

    mutating func append(_ event: Broadcast) {
        top = event.position
        isQuiet = false
        recent.append(event)
    }

    mutating func trim() {
        var eventsMax = limits.recentEventsMax
        var bytesMax = limits.recentBytesMax
        if case .tail = reading?.read {
            // What comes before them is being read for somebody who wants all of it.
            eventsMax = max(eventsMax, limits.recoveryEventsMax)
            bytesMax = max(bytesMax, limits.recoveryRetainedBytesMax)
        }
        recent.trim(eventsMax: eventsMax, bytesMax: bytesMax)
    }

    /// Nothing older can be kept, however many would like to have it.
    var isFull: Bool { recent.bytes > limits.recoveryRetainedBytesMax }

    private mutating func hold(_ event: Broadcast) {
        let fits = early.count < limits.earlyEventsMax && early.bytes + event.retainedBytes <= limits.earlyBytesMax
        if !fits { early.removeAll() }
        early.append(event)
    }
}
