import Wire

/// What came of a rush: its figures, what must not have happened, and the record of each booking for others to judge.
public struct RushReport: Sendable {
    public var accepted = 0
    /// By what the server answered: `booking.no_room`.
    public var refusals: [String: Int] = [:]
    /// Bookings that needed more than one request, and the requests of the one that needed the most.
    public var repeated = 0
    public var requestsMax = 0

    public var watchers = 0
    /// Events that the watchers have applied, all together, and those of them that came with a resumption.
    public var delivered = 0
    public var recovered = 0
    public var resumes = 0
    public var gaps = 0
    public var duplicates = 0
    /// Watchers whose replica equals the fresh snapshot.
    public var equalReplicas = 0

    /// What must not happen, in words; empty when all is well.
    public var violations: [String] = []

    /// A line of CSV for each booking, in the order in which they were asked for.
    public var bookings: [String] = [Self.bookingColumns]
    /// A line of CSV for each second in which something was committed.
    public var delays: [String] = [Self.delayColumns]

    static let bookingColumns =
        "venue_id,exclusive,time_slot_id,user_id,starts_at,ends_at,outcome,code,reservation_id,answered_at,requests"
    static let delayColumns = "second,deliveries,late,longest_ms"

    public init() {}
}

extension RushReport {
    init(_ plan: RushPlan, _ open: OpenRush, _ played: [RushBooking], _ audience: [CalendarWatcher], equalReplicas: Int) {
        watchers = audience.count
        self.equalReplicas = equalReplicas
        if equalReplicas < watchers { violations.append("\(watchers - equalReplicas) replicas are not what the server has") }
        add(audience)
        add(played, plan, open)
    }

    private mutating func add(_ audience: [CalendarWatcher]) {
        var notRecovered = 0
        for watcher in audience {
            let counts = watcher.counts
            delivered += counts.delivered
            recovered += counts.recovered
            resumes += counts.resumes
            notRecovered += counts.notRecovered
            gaps += counts.gaps
            duplicates += counts.duplicates
        }
        if gaps > 0 { violations.append("\(gaps) events were missing") }
        if duplicates > 0 { violations.append("\(duplicates) events came twice") }
        if notRecovered > 0 { violations.append("\(notRecovered) resumptions did not bring what was missed") }
        violations += Set(audience.compactMap(\.failure)).sorted().map { "a watcher: \($0)" }
    }

    private mutating func add(_ played: [RushBooking], _ plan: RushPlan, _ open: OpenRush) {
        let slots = Dictionary(open.venues.flatMap(\.calendar.slots).map { ($0.id, $0) }) { first, _ in first }
        var taken = Array(repeating: 0, count: plan.slots.count)
        for booking in played {
            let slot = plan.slots[booking.attempt.slot]
            let (outcome, code, reservation): (String, String, String)
            switch booking.outcome {
            case .accepted(let id):
                accepted += 1
                taken[booking.attempt.slot] += 1
                (outcome, code, reservation) = ("accepted", "", "\(id)")
            case .refused(let reason):
                refusals[reason, default: 0] += 1
                (outcome, code, reservation) = ("refused", reason, "")
            case .unanswered(let reason):
                violations.append("a booking got no answer: \(reason)")
                (outcome, code, reservation) = ("unanswered", "", "")
            }
            repeated += booking.requests > 1 ? 1 : 0
            requestsMax = max(requestsMax, booking.requests)
            let slotID = open.slotIDs[booking.attempt.slot]
            let interval = slots[slotID].map { ($0.startsAt.microseconds, $0.endsAt.microseconds) } ?? (0, 0)
            bookings.append(
                """
                \(open.venues[slot.venue].id),\(slot.capacity == 1),\(slotID),\(open.people[booking.attempt.person].id),\
                \(interval.0),\(interval.1),\(outcome),\(code),\(reservation),\(booking.answeredAt.microseconds),\(booking.requests)
                """
            )
        }
        for (index, expected) in plan.expected.enumerated() {
            let slot = plan.slots[index]
            if let expected, taken[index] != expected {
                violations.append("slot \(open.slotIDs[index]) has room for \(slot.capacity), let \(taken[index]) in and not \(expected)")
            } else if taken[index] > slot.capacity {
                violations.append("slot \(open.slotIDs[index]) has room for \(slot.capacity) and let \(taken[index]) in")
            }
        }
    }

    mutating func add(_ delays: DeliveryDelays) {
        self.delays += delays.bySecond.map { second, figures in
            "\(second),\(figures.deliveries),\(figures.late),\(figures.longestMicroseconds / 1_000)"
        }
    }
}
