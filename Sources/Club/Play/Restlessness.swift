import SeededRandom

/// When and for how long a restless watcher is away: a matter of its seed and of what it has heard, never of time.
struct Restlessness {
    static let eventsBetweenCuts = 20...200
    static let bookingsAway = 1...40

    enum Cut {
        /// The connection ends in order, with a FIN but no close frame.
        case hangUp
        /// The connection is torn down with an RST.
        case reset
    }

    private var random: SplitMix64
    private var eventsUntilCut: Int
    private var isAway = false

    init(_ random: SplitMix64) {
        self.random = random
        eventsUntilCut = self.random.number(in: Self.eventsBetweenCuts)
    }

    /// Whether, and how, the connection is lost with this event. What still comes over a lost connection counts for nothing.
    mutating func heardEvent() -> Cut? {
        guard !isAway else { return nil }
        eventsUntilCut -= 1
        guard eventsUntilCut <= 0 else { return nil }
        isAway = true
        eventsUntilCut = random.number(in: Self.eventsBetweenCuts)
        return random.number(in: 0...1) == 0 ? .hangUp : .reset
    }

    /// How many bookings are to be played before it comes back.
    mutating func comeBack() -> Int {
        guard isAway else { return 0 }
        isAway = false
        return random.number(in: Self.bookingsAway)
    }
}
