import Wire

/// How those who wait for their start are answered.
extension ChannelStream {
    /// Answers everyone who can be; returns what the others need of the log.
    mutating func answerWaiters(_ actions: inout [Action]) -> Set<Need> {
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
        guard !waiter.isCache else { return resolveCache(waiter, top) }
        guard let since = waiter.since else { return (.fresh, nil) }
        guard since.epoch.isEmpty || since.epoch == top.epoch else { return (.unrecovered, nil) }
        guard since.offset <= top.offset else {
            // A snapshot read right after the commit may be ahead of this loop, so the log is asked before the position is called wrong.
            return waiter.hasSeenTop ? (.unrecovered, nil) : (nil, .top)
        }
        let count = top.offset - since.offset
        guard count <= limits.recoveryEventsMax else { return (.unrecovered, nil) }
        guard count <= recent.count else { return waiter.hasSeenTail || isFull ? (.unrecovered, nil) : (nil, .tail) }
        let missed = Array(recent.events.suffix(Int(count)))
        let bytes = missed.reduce(0) { $0 + ($1.publication?.data.bytes.count ?? 0) }
        return (bytes <= limits.recoveryBytesMax ? .recovered(missed) : .unrecovered, nil)
    }

    /// Protocol A.6: the latest event, unless the watcher has it.
    private func resolveCache(_ waiter: Waiter, _ top: StreamPosition) -> (StreamStart.Recovery?, Need?) {
        if let since = waiter.since, since.epoch.isEmpty || since.epoch == top.epoch {
            if since.offset == top.offset { return (.recovered([]), nil) }
            if since.offset > top.offset, !waiter.hasSeenTop { return (nil, .top) }
        }
        if let latest = recent.events.last { return (.recovered([latest]), nil) }
        // There is none, or none any more.
        guard top.offset > 0, !waiter.hasSeenTail else { return (waiter.since == nil ? .fresh : .unrecovered, nil) }
        return (nil, .tail)
    }
}
