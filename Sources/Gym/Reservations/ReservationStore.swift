import Booking
import Core
import Storage
import Wire

/// A reservation with what only staff and the booking core may know.
struct ReservationRow: RowDecodable {
    let detail: ReservationDetail
    let username: String
    let occupationID: Occupation.ID?

    init(row: Row) throws {
        detail = ReservationDetail(
            id: try row["id"], userID: try row["user_id"], timeSlotID: try row["time_slot_id"], venueID: try row["venue_id"],
            status: try row["status"], cancelReason: try row["cancel_reason"], date: try row["date"], startTime: try row["start_time"],
            endTime: try row["end_time"], startsAt: try row["starts_at"], endsAt: try row["ends_at"], createdAt: try row["created_at"],
            updatedAt: try row["updated_at"]
        )
        username = try row["username"]
        occupationID = try row["occupation_id"]
    }
}

private let selection: SQL = """
    SELECT v.id, v.user_id, v.time_slot_id, v.venue_id, v.status, v.cancel_reason, v.occupation_id, v.created_at, v.updated_at,
        v.date, v.start_time, v.end_time, v.starts_at, v.ends_at, a.username
    FROM reservation v JOIN account a ON a.id = v.user_id
    """

extension Snapshot {
    func reservation(_ id: Reservation.ID) throws -> ReservationRow? {
        try first("\(selection) WHERE v.id = \(id)")
    }

    /// Newest first, beginning before `cursor`.
    func reservations(of user: UserID, _ filter: ListOwnReservations, limit: Int) throws -> [ReservationRow] {
        try all(
            """
            \(selection)
            WHERE v.user_id = \(user) AND v.id < \(filter.cursor ?? Reservation.ID.rawValueMax)
                AND \(equals: filter.status, column: "v.status") AND \(equals: filter.venueID, column: "v.venue_id")
                AND \(filter.from.map { "v.ends_at > \($0)" as SQL } ?? "1 = 1") AND \(filter.to.map { "v.starts_at < \($0)" as SQL } ?? "1 = 1")
            ORDER BY v.id DESC LIMIT \(limit)
            """
        )
    }

    /// Found through the room that they take: what stands has some.
    func standingReservations(inSlot slot: TimeSlot.ID) throws -> [ReservationRow] {
        try all("\(selection) JOIN occupation o ON o.id = v.occupation_id WHERE o.window_id = \(slot) ORDER BY v.id")
    }

    /// - Parameter instant: leaves out what has ended by then; nil for everything.
    func standingReservations(in venue: Venue.ID, endingAfter instant: Instant?) throws -> [ReservationRow] {
        try all(
            """
            \(selection) JOIN occupation o ON o.id = v.occupation_id JOIN time_slot s ON s.window_id = o.window_id
            WHERE s.venue_id = \(venue) AND \(instant.map { "s.ends_at > \($0)" as SQL } ?? "1 = 1")
            ORDER BY v.id
            """
        )
    }

    func standingReservations(in venue: Venue.ID, from start: LocalDate, through end: LocalDate) throws -> [ReservationRow] {
        try all(
            """
            \(selection) JOIN occupation o ON o.id = v.occupation_id JOIN time_slot s ON s.window_id = o.window_id
            WHERE s.venue_id = \(venue) AND s.date >= \(start) AND s.date <= \(end)
            ORDER BY v.id
            """
        )
    }

    func standingReservations(of user: UserID, endingAfter instant: Instant) throws -> [ReservationRow] {
        try all("\(selection) WHERE v.user_id = \(user) AND v.status = 'confirmed' AND v.ends_at > \(instant) ORDER BY v.id")
    }
}

extension Transaction {
    /// The row behind a reservation; its room was taken in this same transaction.
    ///
    /// - Throws: ``ReservationError/alreadyReserved``.
    func insertReservation(_ slot: TimeSlotRow, _ owner: UserID, occupying room: Occupation.ID) throws -> Reservation {
        do {
            let id = try insert(
                """
                INSERT INTO reservation (user_id, time_slot_id, venue_id, occupation_id, date, start_time, end_time, starts_at, ends_at, status,
                    created_at, updated_at)
                VALUES (\(owner), \(slot.id), \(slot.venueID), \(room), \(slot.date), \(slot.startTime), \(slot.endTime),
                    \(slot.interval.start), \(slot.interval.end), \(Reservation.Status.confirmed), \(now), \(now))
                """
            )
            return Reservation(
                id: Reservation.ID(id), userID: owner, timeSlotID: slot.id, status: .confirmed, createdAt: now, updatedAt: now)
        } catch StorageError.unique {
            throw ReservationError.alreadyReserved
        }
    }

    /// What stands in a slot goes where the slot goes.
    func moveStandingReservations(
        inSlot slot: TimeSlot.ID, _ date: LocalDate, _ start: LocalTime, _ end: LocalTime, _ interval: Interval
    ) throws {
        try execute(
            """
            UPDATE reservation SET date = \(date), start_time = \(start), end_time = \(end), starts_at = \(interval.start),
                ends_at = \(interval.end), updated_at = \(now)
            WHERE occupation_id IN (SELECT id FROM occupation WHERE window_id = \(slot))
            """
        )
    }

    func markCompleted(_ id: Int64) throws {
        try execute("UPDATE reservation SET status = 'completed', occupation_id = NULL, updated_at = \(now) WHERE id = \(id)")
    }

    func markCancelled(_ id: Int64, because reason: Reservation.CancelReason) throws {
        try execute(
            """
            UPDATE reservation SET status = 'cancelled', cancel_reason = \(reason), occupation_id = NULL, updated_at = \(now) WHERE id = \(id)
            """
        )
    }
}

extension Snapshot {
    func venuesWithStandingReservations(of user: UserID) throws -> [Venue.ID] {
        try all("SELECT DISTINCT venue_id FROM reservation WHERE user_id = \(user) AND status = 'confirmed' ORDER BY venue_id")
            .map { try $0["venue_id"] }
    }

    func hasReserved(_ user: UserID, _ slot: TimeSlot.ID) throws -> Bool {
        let found: Int? = try value("SELECT 1 FROM reservation WHERE user_id = \(user) AND time_slot_id = \(slot) AND status = 'confirmed'")
        return found != nil
    }
}
