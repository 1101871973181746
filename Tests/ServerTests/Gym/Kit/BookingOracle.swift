import Wire

/// Judges a club by what its staff can read, with rules of its own: slow, simple, and without a line of the server's.
struct BookingOracle: Sendable {
    /// A venue with everything that stands in it.
    struct Place: Sendable {
        let id: Int64
        let parentID: Int64?
        /// Reservations that fit in at any one instant.
        let capacity: Int
        let isOpen: Bool
        let slots: [CalendarSlot]
        let reservations: [ReservationDetail]
    }

    let places: [Place]

    /// Everything that is wrong, a sentence each.
    var violations: [String] {
        places.flatMap { overbookedSlots($0) + overbookedInstants($0) + takenRelatives($0) + wrongRoom($0) + strayReservations($0) }
            + doubleBookings
    }

    private func overbookedSlots(_ place: Place) -> [String] {
        place.slots.compactMap { slot in
            let taken = place.reservations.count { $0.timeSlotID == slot.id }
            if taken > slot.capacity { return "slot \(slot.id) has \(taken) reservations in \(slot.capacity) units" }
            return slot.capacity > place.capacity ? "slot \(slot.id) has more units than venue \(place.id)" : nil
        }
    }

    private func overbookedInstants(_ place: Place) -> [String] {
        // The most stand at an instant at which one begins.
        Set(place.reservations.map(\.startsAt)).compactMap { instant in
            let taken = place.reservations.count { $0.interval.contains(instant) }
            return taken > place.capacity ? "venue \(place.id) has \(taken) of \(place.capacity) at \(instant.rfc3339)" : nil
        }
    }

    private func takenRelatives(_ place: Place) -> [String] {
        relatives(of: place).flatMap { relative in
            place.reservations.flatMap { own in
                relative.reservations.filter { $0.interval.overlaps(own.interval) }.map {
                    "reservation \(own.id) at venue \(place.id) and \($0.id) at its relative \(relative.id) overlap"
                }
            }
        }
    }

    private func wrongRoom(_ place: Place) -> [String] {
        place.slots.compactMap { slot in
            let isExcluded = relatives(of: place).contains { $0.reservations.contains { $0.interval.overlaps(slot.interval) } }
            let free = isExcluded ? 0 : slot.capacity - place.reservations.count { $0.timeSlotID == slot.id }
            return slot.unitsFree == free ? nil : "slot \(slot.id) says \(slot.unitsFree) units are free where \(free) are"
        }
    }

    private func strayReservations(_ place: Place) -> [String] {
        let slots = Dictionary(uniqueKeysWithValues: place.slots.map { ($0.id, $0) })
        return place.reservations.compactMap { reservation in
            guard place.isOpen else { return "reservation \(reservation.id) stands at venue \(place.id), which is not open" }
            guard reservation.status == "confirmed" else { return "reservation \(reservation.id) is \(reservation.status)" }
            guard let slot = slots[reservation.timeSlotID] else { return "reservation \(reservation.id) has no slot" }
            return slot.interval == reservation.interval ? nil : "reservation \(reservation.id) is not where its slot is"
        }
    }

    private var doubleBookings: [String] {
        Dictionary(grouping: places.flatMap(\.reservations)) { [$0.userID, $0.timeSlotID] }.values
            .filter { $0.count > 1 }.map { "reservations \($0.map(\.id)) are one person's in one slot" }
    }

    private func relatives(of place: Place) -> [Place] {
        places.filter { isAncestor($0, of: place) || isAncestor(place, of: $0) }
    }

    private func isAncestor(_ ancestor: Place, of place: Place) -> Bool {
        guard let parent = places.first(where: { $0.id == place.parentID }) else { return false }
        return parent.id == ancestor.id || isAncestor(ancestor, of: parent)
    }
}

extension CalendarSlot {
    var interval: Interval { Interval(start: startsAt, end: endsAt) }
}

extension ReservationDetail {
    var interval: Interval { Interval(start: startsAt, end: endsAt) }
}
