import Booking
import Core
import Storage
import Wire

/// The rules of slots.
struct TimeSlotService: Sendable {
    let database: Database
    let occupancy: Occupancy
    let windows: Windows
    let cancellations: Cancellations
    let timeZones: any TimeZones

    func list(_ request: ListTimeSlots, in context: CallContext) async throws -> Page<TimeSlot> {
        let limit = request.limit ?? Page<TimeSlot>.limitDefault
        let slots = try await database.read { snapshot in
            guard let found = try snapshot.bookableVenue(request.venueID) else { throw VenueError.notFound }
            let resource = try snapshot.resource(found.resourceID)
            let rows = try snapshot.slots(request, limit: limit + 1)
            let unitsFree = try occupancy.unitsFree(in: rows.map { $0.window(of: resource) }, of: resource, snapshot)
            return zip(rows, unitsFree).map { TimeSlot($0, unitsFree: $1) }
        }
        return Page(slots, limit: limit) { $0.id.rawValue }
    }

    /// - Throws: ``TimeSlotError``, ``WindowOverlapError``.
    func create(_ request: CreateTimeSlot, in context: CallContext) async throws -> TimeSlot {
        try context.caller.administrator()
        return try await database.write(for: context) { tx in
            let (venue, resource) = try lock(request.venueID, in: tx)
            let interval = try place(request.date, request.startTime, request.endTime, at: venue)
            let capacity = request.capacity ?? resource.capacity
            guard capacity <= resource.capacity else { throw TimeSlotError.capacityAboveVenue }

            let window = try windows.open(interval, capacity: capacity, on: resource, tx)
            try tx.insertSlot(request, window)
            let slot = try read(Identifier(window.id.rawValue), on: resource, in: tx)
            try tell(SlotCreated(slot: slot.calendar), at: venue.id, in: tx)
            try tx.audit("time_slot.created", "time_slot:\(slot.row.id)", after: slot.answer)
            return slot.answer
        }
    }

    /// Moves what stands in the slot along and tells its people.
    ///
    /// - Throws: ``TimeSlotError``, ``WindowOverlapError``, ``ResourceError/capacityInUse``.
    func update(_ request: UpdateTimeSlot, in context: CallContext) async throws -> TimeSlot {
        try context.caller.administrator()
        return try await database.write(for: context) { tx in
            let (venue, resource) = try lock(request.venueID, in: tx)
            let before = try find(request.id, at: venue, on: resource, in: tx)
            let date = request.date ?? before.row.date
            let start = request.startTime ?? before.row.startTime
            let end = request.endTime ?? before.row.endTime
            let interval = try place(date, start, end, at: venue)
            let capacity = request.capacity ?? before.row.capacity
            guard capacity <= resource.capacity else { throw TimeSlotError.capacityAboveVenue }

            try windows.change(before.row.window(of: resource), to: interval, capacity: capacity, on: resource, tx)
            try tx.updateSlot(request.id, date, start, end, interval)
            let after = try read(request.id, on: resource, in: tx)
            try tell(SlotChanged(slot: after.calendar), at: venue.id, in: tx)
            if interval != before.row.interval {
                try tx.moveStandingReservations(inSlot: request.id, date, start, end, interval)
                for reservation in try tx.standingReservations(inSlot: request.id) {
                    try tx.emit(ReservationChanged(reservation: reservation.detail), to: PersonalChannel(user: reservation.detail.userID))
                    try tx.emit(
                        ReservationChanged(reservation: reservation.detail, username: reservation.username),
                        to: VenueOperations(venue: venue.id.rawValue)
                    )
                }
            }
            try tx.audit("time_slot.updated", "time_slot:\(request.id)", before: before.answer, after: after.answer)
            return after.answer
        }
    }

    func delete(_ request: DeleteTimeSlot, in context: CallContext) async throws -> NoContent {
        try context.caller.administrator()
        return try await database.write(for: context) { tx in
            let (venue, resource) = try lock(request.venueID, in: tx)
            let slot = try find(request.id, at: venue, on: resource, in: tx)
            try cancellations.clear(try tx.standingReservations(inSlot: request.id), because: .slot, on: resource, in: tx)
            try tx.detachSlot(request.id)
            try windows.close(slot.row.window(of: resource), on: resource, tx)
            try tell(SlotRemoved(id: request.id.rawValue), at: venue.id, in: tx)
            try tx.audit("time_slot.deleted", "time_slot:\(request.id)", before: slot.answer)
            return NoContent()
        }
    }

    /// A slot with the room that is left in it.
    private struct Found {
        let row: TimeSlotRow
        let unitsFree: Int
        var answer: TimeSlot { TimeSlot(row, unitsFree: unitsFree) }
        var calendar: CalendarSlot { row.calendarSlot(unitsFree: unitsFree) }
    }

    private func lock(_ id: Venue.ID, in tx: Transaction) throws -> (Venue, Resource) {
        guard let candidate = try tx.bookableVenue(id) else { throw VenueError.notFound }
        guard let resource = try occupancy.lock(candidate.resourceID, for: nil, in: tx), let venue = try tx.venue(id) else {
            throw VenueError.notFound
        }
        return (venue, resource)
    }

    private func find(_ id: TimeSlot.ID, at venue: Venue, on resource: Resource, in tx: Transaction) throws -> Found {
        guard try tx.slot(id)?.venueID == venue.id else { throw TimeSlotError.notFound }
        return try read(id, on: resource, in: tx)
    }

    private func read(_ id: TimeSlot.ID, on resource: Resource, in tx: Transaction) throws -> Found {
        guard let row = try tx.slot(id) else { throw TimeSlotError.notFound }
        return Found(row: row, unitsFree: try occupancy.unitsFree(in: row.window(of: resource), of: resource, tx))
    }

    /// - Throws: ``TimeSlotError``, ``LocalTimeError/gap``.
    private func place(_ date: LocalDate, _ start: LocalTime, _ end: LocalTime, at venue: Venue) throws -> Interval {
        guard start < end else { throw TimeSlotError.endsBeforeStart }
        guard venue.openingHours.admit(date, start, end) else { throw TimeSlotError.outsideOpeningHours }
        let interval = try timeZones.interval(on: date, start, end, in: venue.timeZone)
        // Where the clock is set back within the slot, wall order and real order could differ.
        guard interval.start < interval.end else { throw TimeSlotError.endsBeforeStart }
        return interval
    }

    private func tell(_ event: some Event, at venue: Venue.ID, in tx: Transaction) throws {
        try tx.emit(event, to: VenueCalendar(venue: venue.rawValue), VenueOperations(venue: venue.rawValue))
    }
}

extension TimeSlotRow {
    func window(of resource: Resource) -> TimeWindow {
        TimeWindow(id: Identifier(id.rawValue), resourceID: resource.id, interval: interval, capacity: capacity)
    }
}

extension TimeZones {
    /// Two wall times of one day as instants.
    ///
    /// - Throws: ``LocalTimeError``.
    func interval(on date: LocalDate, _ start: LocalTime, _ end: LocalTime, in zone: String) throws -> Interval {
        Interval(start: try instant(of: date, start, in: zone), end: try instant(of: date, end, in: zone))
    }
}
