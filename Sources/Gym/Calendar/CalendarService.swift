import Accounts
import Booking
import Core
import Storage
import Wire

/// What a venue's calendar shows, and to whom.
struct CalendarService: Sendable {
    let database: Database
    let occupancy: Occupancy
    let timeZones: any TimeZones

    /// More slots than a year of quarter hours has are not shown.
    static let slotsMax = 36_000

    func read(_ request: ReadCalendar, in context: CallContext) async throws -> VenueCalendarSnapshot {
        try await database.read { snapshot in
            let (venue, range, slots) = try read(request.days, snapshot)
            let channel = VenueCalendar(venue: venue.id.rawValue)
            return VenueCalendarSnapshot(
                venueID: venue.id, name: venue.name, status: venue.status, notice: venue.notice, timeZone: venue.timeZone,
                startDate: range.start, endDate: range.end, slots: slots,
                stream: Stream(channel: channel.name, position: try snapshot.position(of: channel))
            )
        }
    }

    /// - Throws: ``AccessError/forbidden`` for whoever is not staff of the venue.
    func readOperations(_ request: ReadOperations, in context: CallContext) async throws -> VenueOperationsSnapshot {
        let caller = try context.caller.signedIn()
        return try await database.read { snapshot in
            guard try snapshot.isStaff(caller, of: request.days.venueID) else { throw AccessError.forbidden }
            let (venue, range, slots) = try read(request.days, snapshot)
            let channel = VenueOperations(venue: venue.id.rawValue)
            return VenueOperationsSnapshot(
                venueID: venue.id, status: venue.status, timeZone: venue.timeZone, startDate: range.start, endDate: range.end, slots: slots,
                reservations: try snapshot.standingReservations(in: venue.id, from: range.start, through: range.end)
                    .map { .init(reservation: $0.detail, username: $0.username) },
                stream: Stream(channel: channel.name, position: try snapshot.position(of: channel))
            )
        }
    }

    /// A time is in conflict when the venue is not open, when a slot that it touches is full, or when the caller has something else then.
    /// A time without slots is not: nothing stands there.
    func checkConflict(_ request: CheckConflict, in context: CallContext) async throws -> CheckConflict.Response {
        let caller = try context.caller.signedIn()
        return try await database.read { snapshot in
            guard let found = try snapshot.bookableVenue(request.venueID) else { throw VenueError.notFound }
            let interval = try timeZones.interval(on: request.date, request.startTime, request.endTime, in: found.venue.timeZone)
            if found.venue.status != .open { return .init(conflict: true) }
            if try snapshot.hasOccupation(of: caller.userID, overlapping: interval) { return .init(conflict: true) }
            let resource = try snapshot.resource(found.resourceID)
            for window in try snapshot.timeWindows(of: resource.id, overlapping: interval) {
                if try occupancy.unitsFree(in: window, of: resource, snapshot) == 0 { return .init(conflict: true) }
            }
            return .init(conflict: false)
        }
    }

    /// A calendar may be watched by whoever has signed in, while there is such a venue.
    func mayWatchCalendar(_ id: Int64, _ caller: SignedInCaller) async throws -> Bool {
        try await database.read { try $0.venue(Venue.ID(id)) != nil }
    }

    func mayWatchOperations(_ id: Int64, _ caller: SignedInCaller) async throws -> Bool {
        try await database.read { try $0.isStaff(caller, of: Venue.ID(id)) }
    }

    private func read(_ days: CalendarDays, _ snapshot: Snapshot) throws -> (Venue, CalendarRange, [CalendarSlot]) {
        guard let found = try snapshot.bookableVenue(days.venueID) else { throw VenueError.notFound }
        let range = CalendarRange(days, today: try timeZones.date(of: snapshot.now, in: found.venue.timeZone))
        let resource = try snapshot.resource(found.resourceID)
        let rows = try snapshot.slots(of: found.venue.id, from: range.start, through: range.end, limit: Self.slotsMax)
        let unitsFree = try occupancy.unitsFree(in: rows.map { $0.window(of: resource) }, of: resource, snapshot)
        return (found.venue, range, zip(rows, unitsFree).map { $0.calendarSlot(unitsFree: $1) })
    }
}

extension Snapshot {
    /// Administrators are staff of every venue, others of those they are assigned to.
    func isStaff(_ caller: SignedInCaller, of venue: Venue.ID) throws -> Bool {
        if caller.role.isAdministrator { return true }
        return try caller.role == .staff && isAssigned(caller.userID, to: "venue:\(venue)")
    }
}
