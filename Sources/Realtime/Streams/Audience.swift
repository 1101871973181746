import NIOCore

/// Who watches a channel on one event loop, by what they get: everyone of a group gets the same bytes, unless the group is selective or
/// some of it lack what a difference is told from.
struct Audience {
    /// What the watchers of a group get.
    struct Terms {
        let format: PublicationFormat
        let wantsJoinLeave: Bool
        let isSelective: Bool
        let hasDeltas: Bool

        /// Everyone gets the same frames, whatever they had before.
        var isUniform: Bool { !isSelective && !hasDeltas }

        func takes(_ event: Broadcast) -> Bool { wantsJoinLeave || !event.isJoinOrLeave }
    }

    /// Where a watcher sits. What a delivery asks of everyone stands here, side by side, and not in objects all over the memory.
    struct Seat {
        let subscription: Subscription
        let socket: DirectSocket?
        /// The last event that was written to the connection; what is not newer is skipped, so that a delivery in several turns reaches
        /// everyone once, whoever comes and goes in between.
        fileprivate(set) var offset: UInt64
        /// The last ``Delivery`` that came by.
        fileprivate var lastDelivery: UInt64 = 0

        fileprivate mutating func note(_ visit: Visit) {
            lastDelivery = visit.delivery
            offset = max(offset, visit.lastOffset)
        }
    }

    /// A delivery, as it comes by at each seat.
    struct Visit {
        /// Tells it from the others of its loop; greater than zero.
        let delivery: UInt64
        /// Of its events that have a place in the log; where there are none `firstOffset` is beyond all others and `lastOffset` zero.
        let firstOffset: UInt64
        let lastOffset: UInt64
    }

    struct Group {
        let terms: Terms
        fileprivate(set) var seats: [Seat] = []
    }

    private(set) var groups: [Group] = []

    var count: Int { groups.reduce(0) { $0 + $1.seats.count } }

    /// - Parameter offset: up to where the subscriber has everything.
    mutating func insert(_ subscription: Subscription, at offset: UInt64) {
        let group = group(of: subscription)
        subscription.index = groups[group].seats.count
        groups[group].seats.append(Seat(subscription: subscription, socket: subscription.outbox.directSocket, offset: offset))
    }

    /// The last one takes the place of the one removed.
    mutating func remove(_ subscription: Subscription) {
        guard let index = subscription.index else { return }
        let group = group(of: subscription)
        groups[group].seats.swapAt(index, groups[group].seats.count - 1)
        groups[group].seats.removeLast()
        if index < groups[group].seats.count { groups[group].seats[index].subscription.index = index }
        subscription.index = nil
    }

    mutating func removeAll() -> [Subscription] {
        let everyone = groups.flatMap { $0.seats.map(\.subscription) }
        for subscription in everyone { subscription.index = nil }
        groups.removeAll()
        return everyone
    }

    private mutating func group(of subscription: Subscription) -> Int {
        let (format, traits) = (subscription.outbox.format, subscription.traits)
        let known = groups.firstIndex {
            $0.terms.format.kind == format.kind && $0.terms.wantsJoinLeave == traits.wantsJoinLeave
                && $0.terms.isSelective == traits.isSelective && $0.terms.hasDeltas == traits.hasDeltas
        }
        if let known { return known }
        let terms = Terms(
            format: format, wantsJoinLeave: traits.wantsJoinLeave, isSelective: traits.isSelective, hasDeltas: traits.hasDeltas
        )
        groups.append(Group(terms: terms))
        return groups.count - 1
    }
}

// MARK: - Serving

extension Audience {
    /// Comes by at a seat.
    ///
    /// - Returns: who sits there, and up to where they had everything before; nil when they were served already: who has moved to an earlier
    ///   place since comes by twice.
    mutating func visit(group: Int, seat index: Int, _ visit: Visit) -> (Subscription, offset: UInt64)? {
        guard groups.indices.contains(group), groups[group].seats.indices.contains(index) else { return nil }
        let seat = groups[group].seats[index]
        guard seat.lastDelivery != visit.delivery else { return nil }
        groups[group].seats[index].note(visit)
        return (seat.subscription, seat.offset)
    }

    /// Sends a frame straight to the sockets of a uniform group, from the seat before `index` down, and stops at the first where that takes
    /// more than a system call. Nothing else is called in between, so nobody comes or goes meanwhile.
    ///
    /// - Returns: how many bytes of the frame the one at whom it stopped has taken.
    mutating func sendDirectly(_ frame: ByteBuffer, _ visit: Visit, group: Int, before index: inout Int, budget: inout Int) -> Int {
        frame.withUnsafeReadableBytes { bytes in
            groups[group].seats.withUnsafeMutableBufferPointer { seats in
                index = min(index, seats.count)
                while index > 0, budget > 0 {
                    let next = index - 1
                    if seats[next].lastDelivery != visit.delivery {
                        guard seats[next].offset < visit.firstOffset, let socket = seats[next].socket, socket.isClear else { return 0 }
                        let result = socket.send(bytes)
                        guard result == .sent(bytes.count) else { return result.bytes }
                        seats[next].note(visit)
                    }
                    index = next
                    budget -= 1
                }
                return 0
            }
        }
    }
}
