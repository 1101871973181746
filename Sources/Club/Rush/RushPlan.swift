import SeededRandom

/// Who asks for what when many want the same: a matter of its numbers and its seed alone.
///
/// Venues are taken in turn: one for a single party, one for four. In most hours nobody asks for two venues, so that how many get into a
/// slot is known beforehand. In every fourth hour some do: they can have one of them, and which is decided by who comes first.
struct RushPlan: Sendable {
    struct Slot: Hashable, Sendable {
        let venue: Int
        /// Counted from the plan's first one.
        let hour: Int
        let capacity: Int
        /// Whether somebody asks for this slot and another one at the same time.
        let isTorn: Bool
    }

    struct Attempt: Hashable, Sendable {
        let person: Int
        let slot: Int
    }

    static let sharedCapacity = 4
    private static let exclusiveDemandMax = 3
    private static let sharedDemandMax = 6
    private static let hoursPerTornOne = 4
    private static let peoplePerTornOne = 4

    let capacities: [Int]
    let people: Int
    private(set) var slots: [Slot] = []
    /// In the order in which they begin.
    private(set) var attempts: [Attempt] = []

    /// - Parameters:
    ///   - bookings: how many are attempted, all together.
    ///   - venues: at least two.
    init(bookings: Int, venues: Int, seed: UInt64) {
        var random = SplitMix64(seed: seed)
        capacities = (0..<venues).map { $0.isMultiple(of: 2) ? 1 : Self.sharedCapacity }
        people = capacities.map(Self.demandMax).reduce(0, +)
        var hour = 0
        while attempts.count < bookings {
            addHour(hour, bookingsMax: bookings - attempts.count, &random)
            hour += 1
        }
    }

    /// How many get in: known where nobody was torn.
    var expected: [Int?] {
        var demand = Array(repeating: 0, count: slots.count)
        for attempt in attempts { demand[attempt.slot] += 1 }
        return zip(slots, demand).map { slot, demand in slot.isTorn ? nil : min(slot.capacity, demand) }
    }

    private mutating func addHour(_ hour: Int, bookingsMax: Int, _ random: inout SplitMix64) {
        var free = Array(0..<people).shuffled(using: &random)
        let first = slots.count
        var wanted: [Attempt] = []
        let isTorn = hour % Self.hoursPerTornOne == Self.hoursPerTornOne - 1
        for (venue, capacity) in capacities.enumerated() {
            let demand = random.number(in: 1...Self.demandMax(capacity))
            wanted += free.suffix(demand).map { Attempt(person: $0, slot: slots.count) }
            free.removeLast(demand)
            slots.append(Slot(venue: venue, hour: hour, capacity: capacity, isTorn: isTorn))
        }
        if isTorn {
            let torn = wanted.filter { _ in random.number(in: 1...Self.peoplePerTornOne) == 1 }
            wanted += torn.map { Attempt(person: $0.person, slot: first + ($0.slot - first + 1) % capacities.count) }
        }
        attempts += wanted.shuffled(using: &random).prefix(bookingsMax)
    }

    private static func demandMax(_ capacity: Int) -> Int { capacity == 1 ? exclusiveDemandMax : sharedDemandMax }
}
