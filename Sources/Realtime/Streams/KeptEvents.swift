import DequeModule

/// Events in order, and what they cost.
struct KeptEvents {
    private(set) var events: Deque<Broadcast> = []
    private(set) var bytes = 0

    init() {}

    init(_ events: Deque<Broadcast>) {
        self.events = events
        bytes = events.reduce(0) { $0 + $1.retainedBytes }
    }

    var count: Int { events.count }

    var isEmpty: Bool { events.isEmpty }

    var first: Broadcast? { events.first }

    mutating func append(_ event: Broadcast) {
        events.append(event)
        bytes += event.retainedBytes
    }

    mutating func removeFirst() {
        if let oldest = events.popFirst() { bytes -= oldest.retainedBytes }
    }

    mutating func removeAll() {
        events = []
        bytes = 0
    }

    /// The oldest go first.
    mutating func trim(eventsMax: Int, bytesMax: Int) {
        while !isEmpty, count > eventsMax || bytes > bytesMax { removeFirst() }
    }
}
