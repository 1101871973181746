import NIOCore
import Wire

/// How subscriptions get from where they begin to where everybody else is.
///
/// Who missed little is told with the answer and is live at once. Who missed much is answered first and told bit by bit, as fast as it reads:
/// a client that was cut off as too slow has missed more than its queue holds, and would be cut off again by all of it at once.
extension HubShard {
    /// The stream has brought a subscription to its start, or one that was behind a bit further.
    func answer(_ ticket: Int, _ start: StreamStart, _ channel: WatchedChannel) {
        guard let subscription = channel.takeWaiting(ticket) else { return }
        if let catchUp = subscription.catchUp { return go(on: subscription, catchUp, start) }
        begin(subscription, at: start)
    }

    /// Answers a subscription that waits no more, and makes it live where it needs nothing else.
    func begin(_ subscription: Subscription, at start: StreamStart) {
        let channel = subscription.channel
        var start = start
        if case .recovered(let missed) = start.recovery, let first = missed.first, !fitsAnswer(missed, subscription) {
            let begin = StreamPosition(epoch: start.top.epoch, offset: first.offset - 1)
            let catchUp = CatchUp(from: begin, isBehind: true)
            // A connection that begins may have many such channels, and can be told of none of them yet: each is read again in its turn.
            catchUp.append(missed, bytesMax: subscription.subscriber.takesPushes ? settings.queueBytesMax : 0)
            subscription.catchUp = catchUp
            start = StreamStart(top: begin, recovery: .recovered([]))
        } else if !subscription.subscriber.takesPushes {
            subscription.catchUp = CatchUp(from: start.top)
        }
        subscription.begin(at: start)
        guard subscription.catchUp != nil else {
            channel.audience.insert(subscription, at: start.top.offset)
            return subscription.subscriber.started(subscription, at: start)
        }
        channel.wait(subscription)
        subscription.subscriber.started(subscription, at: start)
        // Those that have their first part still to be read take turns.
        if let catchUp = subscription.catchUp, catchUp.next != nil || !catchUp.isBehind { catchUpSoon(subscription) }
    }

    /// The same for a subscription whose log could not be read.
    func fail(_ ticket: Int, _ channel: WatchedChannel) {
        guard let subscription = channel.takeWaiting(ticket) else { return }
        lingerIfUnwatched(channel)
        if subscription.catchUp == nil { subscription.subscriber.failed(subscription) } else { lose(subscription) }
    }

    /// Goes on with a subscription that is behind, in a loop turn of its own: the answer leaves first.
    func catchUpSoon(_ subscription: Subscription, after pause: TimeAmount = .zero) {
        guard let catchUp = subscription.catchUp, !catchUp.isPausing, !catchUp.isAsking, subscription.subscriber.takesPushes else { return }
        catchUp.isPausing = true
        eventLoop.assumeIsolated().scheduleTask(in: pause) { [weak self, weak subscription] in
            guard let self, let subscription else { return }
            catchUp.isPausing = false
            tellMissed(subscription, catchUp)
        }
    }

    /// The same at once, where nothing was missed: for somebody who is to hear what is told next.
    func catchUpNow(_ subscription: Subscription) {
        guard let catchUp = subscription.catchUp, !catchUp.isBehind, !catchUp.isPausing, !catchUp.isAsking,
            subscription.subscriber.takesPushes
        else { return }
        tellMissed(subscription, catchUp)
    }

    private func tellMissed(_ subscription: Subscription, _ catchUp: CatchUp) {
        // It may have left the channel since.
        guard subscription.channel.isWaiting(subscription) else { return }
        let outbox = subscription.outbox
        var left = settings.deliveriesPerTurnMax
        while let next = catchUp.next {
            guard left > 0 else {
                outbox.flush()
                return catchUpSoon(subscription)
            }
            guard hasRoom(for: next, outbox) else { return catchUpSoon(subscription, after: catchUp.pause.next()) }
            catchUp.pause.reset()
            left -= 1
            subscription.tell(next, after: catchUp.previous)
            catchUp.advance()
        }
        outbox.flush()
        observe(outbox)
        catchUp.isAsking = true
        // Of a cache channel only the latest counts, which the stream knows.
        guard catchUp.hasMore, !subscription.traits.isCache else { return join(subscription, catchUp) }
        readOn(subscription, catchUp)
    }

    /// Reads the next part from the log, in order. The stream is not asked: what it keeps begins at the end, and it would read all the way
    /// from there for each part.
    private func readOn(_ subscription: Subscription, _ catchUp: CatchUp) {
        let (log, channel, position) = (self.log, subscription.channel, catchUp.position)
        let limit = min(catchUp.eventsExpected, settings.streams.pageEventsMax)
        let name = channel.name
        figures.logReads += 1
        tasks.run {
            try? await log.read(channel: name, after: position.offset, limit: limit, reverse: false)
        } then: { [weak self, weak subscription] page in
            catchUp.isAsking = false
            guard let self, let subscription, channel.isWaiting(subscription) else { return }
            let more = page.map { channel.stream.broadcasts($0, after: position) } ?? []
            // The stream knows what comes of the end, a gap, another life of the log, or one that can't be read.
            catchUp.hasMore = more.count >= limit
            catchUp.append(more, bytesMax: settings.queueBytesMax)
            catchUpSoon(subscription)
        }
    }

    /// One that is larger than what may wait goes alone.
    private func hasRoom(for event: Broadcast, _ outbox: Outbox) -> Bool {
        func fits() -> Bool { !outbox.hasQueuedBytes || outbox.queuedBytes + event.retainedBytes <= settings.recoveryQueueBytesMax }
        if fits() { return true }
        outbox.flush()
        if fits() { return true }
        observe(outbox)
        return false
    }

    /// Asks the stream for what was published while the last of it was told.
    private func join(_ subscription: Subscription, _ catchUp: CatchUp) {
        let (channel, since) = (subscription.channel, catchUp.position)
        _ = channel.takeWaiting(subscription.ticket)
        guard subscription.traits.hasLog else { return goLive(subscription, catchUp, at: since.offset) }
        subscription.ticket = channels.nextTicket()
        channel.wait(subscription)
        perform(channel.stream.subscribe(ticket: subscription.ticket, since: since, isCache: subscription.traits.isCache), channel)
    }

    private func go(on subscription: Subscription, _ catchUp: CatchUp, _ start: StreamStart) {
        let channel = subscription.channel
        catchUp.isAsking = false
        guard case .recovered(let more) = start.recovery else {
            lingerIfUnwatched(channel)
            return lose(subscription)
        }
        guard more.isEmpty else {
            catchUp.append(more, bytesMax: settings.queueBytesMax)
            channel.wait(subscription)
            return catchUpSoon(subscription)
        }
        goLive(subscription, catchUp, at: start.top.offset)
    }

    private func goLive(_ subscription: Subscription, _ catchUp: CatchUp, at offset: UInt64) {
        subscription.catchUp = nil
        subscription.channel.audience.insert(subscription, at: offset)
        subscription.subscriber.caughtUp(subscription, catchUp)
    }

    private func lose(_ subscription: Subscription) {
        subscription.catchUp = nil
        subscription.subscriber.lost(subscription)
    }

    private func fitsAnswer(_ missed: [Broadcast], _ subscription: Subscription) -> Bool {
        var size = subscription.subscriber.answerSize
        size.add(missed.lazy.compactMap(\.publication), areDeltas: subscription.traits.hasDeltas)
        return size.events <= settings.recoveryAnswerEventsMax && size.bytes <= settings.recoveryAnswerBytesMax
    }
}
