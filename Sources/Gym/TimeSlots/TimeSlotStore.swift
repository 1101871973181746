import Booking
import Core
import Storage
import Wire

private let columns: SQL = """
    s.id, s.venue_id, s.date, s.start_time, s.end_time, s.starts_at, s.ends_at, w.capacity
    """

/// A slot, and all that decides whether somebody may reserve it.
struct WantedSlot: RowDecodable {
    let slot: TimeSlotRow
    let venueStatus: Venue.Status
    /// Of the one who wants it; nil once the account is deleted.
    let username: String?
    /// Whether that person has taken anything at some time of the slot.
    let isTimeTaken: Bool

    init(row: Row) throws {
        slot = try TimeSlotRow(row: row)
        venueStatus = try row["venue_status"]
        username = try row["username"]
        isTimeTaken = try row["is_time_taken"]
    }
}

extension Snapshot {
    /// Nil once it is removed.
    func slot(_ id: TimeSlot.ID) throws -> TimeSlotRow? {
        try first("SELECT \(columns) FROM time_slot s JOIN time_window w ON w.id = s.window_id WHERE s.id = \(id)")
    }

    /// What is to be locked before a slot is reserved. Nil once the slot or its venue is removed.
    func resource(ofSlot id: TimeSlot.ID) throws -> Resource.ID? {
        try value(
            """
            SELECT v.resource_id FROM time_slot s JOIN venue v ON v.id = s.venue_id
            WHERE s.id = \(id) AND s.window_id IS NOT NULL AND v.deleted_at IS NULL
            """
        )
    }

    /// Nil once the slot or its venue is removed. One query, as it stands between a lock and what waits for it.
    func slot(_ id: TimeSlot.ID, wantedBy person: UserID) throws -> WantedSlot? {
        try first(
            """
            SELECT \(columns), v.status AS venue_status,
                (SELECT username FROM account WHERE id = \(person) AND deleted_at IS NULL) AS username,
                \(SQL.hasOccupation(of: person, from: "s.starts_at", to: "s.ends_at", at: now)) AS is_time_taken
            FROM time_slot s JOIN time_window w ON w.id = s.window_id JOIN venue v ON v.id = s.venue_id
            WHERE s.id = \(id) AND v.deleted_at IS NULL
            """
        )
    }

    /// In order of time. Both days belong to the range.
    func slots(of venue: Venue.ID, from start: LocalDate, through end: LocalDate, limit: Int) throws -> [TimeSlotRow] {
        try all(
            """
            SELECT \(columns) FROM time_slot s JOIN time_window w ON w.id = s.window_id
            WHERE s.venue_id = \(venue) AND s.date >= \(start) AND s.date <= \(end)
            ORDER BY s.starts_at LIMIT \(limit)
            """
        )
    }

    /// In order of id, beginning after `cursor`.
    func slots(_ filter: ListTimeSlots, limit: Int) throws -> [TimeSlotRow] {
        let start = filter.date ?? filter.startDate
        let end = filter.date ?? filter.endDate
        return try all(
            """
            SELECT \(columns) FROM time_slot s JOIN time_window w ON w.id = s.window_id
            WHERE s.venue_id = \(filter.venueID) AND s.id > \(filter.cursor ?? 0)
                AND \(start.map { "s.date >= \($0)" as SQL } ?? "1 = 1") AND \(end.map { "s.date <= \($0)" as SQL } ?? "1 = 1")
            ORDER BY s.id LIMIT \(limit)
            """
        )
    }

    func slots(of venue: Venue.ID) throws -> [TimeSlotRow] {
        try all("SELECT \(columns) FROM time_slot s JOIN time_window w ON w.id = s.window_id WHERE s.venue_id = \(venue) ORDER BY s.id")
    }
}

extension Transaction {
    func insertSlot(_ request: CreateTimeSlot, _ window: TimeWindow) throws {
        try execute(
            """
            INSERT INTO time_slot (id, window_id, venue_id, date, start_time, end_time, starts_at, ends_at, created_at, updated_at)
            VALUES (\(window.id), \(window.id), \(request.venueID), \(request.date), \(request.startTime), \(request.endTime),
                \(window.interval.start), \(window.interval.end), \(now), \(now))
            """
        )
    }

    func updateSlot(_ id: TimeSlot.ID, _ date: LocalDate, _ start: LocalTime, _ end: LocalTime, _ interval: Interval) throws {
        try execute(
            """
            UPDATE time_slot SET date = \(date), start_time = \(start), end_time = \(end), starts_at = \(interval.start),
                ends_at = \(interval.end), updated_at = \(now)
            WHERE id = \(id)
            """
        )
    }

    /// Leaves the row to the reservations that stood in it.
    func detachSlot(_ id: TimeSlot.ID) throws {
        try execute("UPDATE time_slot SET window_id = NULL, updated_at = \(now) WHERE id = \(id)")
    }
}
