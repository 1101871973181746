import Wire

/// What has to come of holds in one room, reckoned without any server.
struct HoldModel {
    struct Hold {
        let id: Int64
        let holder: Int
        let interval: Interval
        let expiresAt: Instant

        func stands(at now: Instant) -> Bool { expiresAt > now }
    }

    /// Holds of one person at a time.
    static let ofPersonMax = 2
    /// Holds that are over and remembered, to be confirmed too late.
    static let expiredMax = 20

    /// Standing ones and expired ones, the oldest first.
    private(set) var holds: [Hold] = []
    private(set) var reservations: [(id: Int64, owner: Int, interval: Interval)] = []

    func standing(of holder: Int, at now: Instant) -> [Hold] { holds.filter { $0.holder == holder && $0.stands(at: now) } }

    /// Whether nobody has the room or holds it.
    func isFree(_ interval: Interval, at now: Instant) -> Bool {
        !reservations.contains { $0.interval.overlaps(interval) }
            && !holds.contains { $0.stands(at: now) && $0.interval.overlaps(interval) }
    }

    func mayHold(_ interval: Interval, by holder: Int, at now: Instant) -> Bool {
        standing(of: holder, at: now).count < Self.ofPersonMax && isFree(interval, at: now)
    }

    func mayConfirm(_ hold: Hold, ifStillFree: Bool, at now: Instant) -> Bool {
        hold.stands(at: now) || ifStillFree && isFree(hold.interval, at: now)
    }

    mutating func begin(_ hold: Hold, at now: Instant) {
        holds.append(hold)
        let expired = holds.filter { !$0.stands(at: now) }
        if expired.count > Self.expiredMax, let oldest = expired.first { end(oldest) }
    }

    mutating func end(_ hold: Hold) {
        holds.removeAll { $0.id == hold.id }
    }

    mutating func confirm(_ hold: Hold, as reservation: Int64) {
        end(hold)
        reservations.append((reservation, hold.holder, hold.interval))
    }

    mutating func cancel(_ reservation: Int64) {
        reservations.removeAll { $0.id == reservation }
    }
}
