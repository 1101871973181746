import NIOCore

/// The connections of one event loop that something was written to: flushed once a turn, and looked after while their peers do not read.
struct OutboxList {
    private var dirty: [Outbox] = []
    /// The first of them that was not flushed yet.
    private var nextDirty = 0
    private var observed: [Outbox] = []
    /// Room that is kept from one turn to the next.
    private static let capacityKept = 4_096

    /// Frames of this connection leave with the next ``flush(atMost:)``.
    mutating func markDirty(_ outbox: Outbox) {
        guard !outbox.isDirty else { return }
        outbox.isDirty = true
        dirty.append(outbox)
    }

    /// Something of this connection may wait for its peer.
    mutating func observe(_ outbox: Outbox) {
        guard !outbox.isObserved else { return }
        outbox.isObserved = true
        observed.append(outbox)
    }

    /// Whether frames wait for ``flush(atMost:)``.
    var isDirty: Bool { !dirty.isEmpty }

    /// However many events went to a connection in this turn, it is one write.
    ///
    /// - Parameter most: so many connections; the others wait for the next call.
    mutating func flush(atMost most: Int) {
        let end = min(dirty.count, nextDirty + most)
        while nextDirty < end {
            let outbox = dirty[nextDirty]
            nextDirty += 1
            outbox.isDirty = false
            outbox.flush()
            if outbox.hasQueuedBytes { observe(outbox) }
        }
        guard nextDirty == dirty.count else { return }
        dirty.removeAll(keepingCapacity: dirty.count <= Self.capacityKept)
        nextDirty = 0
    }

    /// Bytes that wait for peers who read slowly.
    var queuedBytes: Int { observed.reduce(0) { $0 + $1.queuedBytes } }

    /// Called once a second.
    mutating func tick(now: NIODeadline) {
        observed.removeAll { outbox in
            outbox.tick(now: now)
            outbox.isObserved = outbox.hasQueuedBytes
            return !outbox.isObserved
        }
    }
}
