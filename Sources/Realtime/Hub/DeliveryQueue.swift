import DequeModule
import NIOCore

/// The channels of one event loop that have something to deliver, in turns: a hot channel with a large audience does not keep the others
/// waiting, and what comes on it meanwhile leaves together in its next turn.
struct DeliveryQueue {
    private var ready = Deque<WatchedChannel>()
    private var started: UInt64 = 0
    /// Bytes of events that wait, about.
    private(set) var bytes = 0

    /// When the deliveries were handed over that everybody has since ``forgetCompleted()``; at most one for each write of a turn.
    private(set) var completed: [NIODeadline] = []

    var isEmpty: Bool { ready.isEmpty }

    mutating func forgetCompleted() { completed.removeAll(keepingCapacity: true) }

    mutating func append(_ event: Broadcast, on channel: WatchedChannel) {
        bytes += event.retainedBytes
        channel.backlog.append(event)
        guard !channel.isReady else { return }
        channel.isReady = true
        ready.append(channel)
    }

    /// Delivers until everybody has everything, or the budget is spent: it counts writes.
    mutating func advance(budget: inout Int, _ outboxes: inout OutboxList) {
        let isAlone = ready.count == 1
        while budget > 0, let channel = ready.popFirst() {
            channel.isReady = false
            var delivery = channel.delivery ?? begin(on: channel)
            if delivery.advance(budget: &budget, isAlone: isAlone, &outboxes) {
                channel.delivery = nil
                if channel.audience.count > 0, let handedOverAt = delivery.handedOverAt { completed.append(handedOverAt) }
            } else {
                channel.delivery = delivery
            }
            guard channel.hasSomethingToDeliver, !channel.isReady else { continue }
            channel.isReady = true
            ready.append(channel)
        }
    }

    private mutating func begin(on channel: WatchedChannel) -> Delivery {
        let events = channel.backlog
        channel.backlog = []
        bytes -= events.reduce(0) { $0 + $1.retainedBytes }
        started += 1
        let previous = channel.lastPublication
        channel.lastPublication = events.last { !$0.isJoinOrLeave } ?? previous
        return Delivery(of: events, after: previous, on: channel, number: started)
    }

    /// What waits on a channel is not delivered any more.
    mutating func drop(_ channel: WatchedChannel) {
        bytes -= channel.backlog.reduce(0) { $0 + $1.retainedBytes }
        channel.backlog = []
        channel.delivery = nil
        channel.lastPublication = nil
        guard channel.isReady else { return }
        channel.isReady = false
        ready.removeAll { $0 === channel }
    }
}
