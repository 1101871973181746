import Booking
import Core
import Storage
import Wire

/// A stretch of a day at a venue that can be reserved. Wall time is what was agreed, the instants follow from it and the venue's zone.
public struct TimeSlot: Codable, Hashable, Sendable, Located {
    /// What clients know it by; also the id of the booking core's window.
    public typealias ID = Identifier<TimeSlot>

    public let id: ID
    public let venueID: Venue.ID
    public let date: LocalDate
    public let startTime: LocalTime
    public let endTime: LocalTime
    public let startsAt: Instant
    public let endsAt: Instant
    public let capacity: Int
    public let unitsFree: Int

    public var resourcePath: String { "/api/v1/venues/\(venueID)/reservation-time-slots" }

    init(_ row: TimeSlotRow, unitsFree: Int) {
        id = row.id
        venueID = row.venueID
        date = row.date
        startTime = row.startTime
        endTime = row.endTime
        startsAt = row.interval.start
        endsAt = row.interval.end
        capacity = row.capacity
        self.unitsFree = unitsFree
    }

    enum CodingKeys: String, CodingKey {
        case id, date, capacity
        case venueID = "venue_id"
        case startTime = "start_time"
        case endTime = "end_time"
        case startsAt = "starts_at"
        case endsAt = "ends_at"
        case unitsFree = "units_free"
    }
}

/// A slot as its row and its window hold it.
struct TimeSlotRow: RowDecodable {
    let id: TimeSlot.ID
    let venueID: Venue.ID
    let date: LocalDate
    let startTime: LocalTime
    let endTime: LocalTime
    let interval: Interval
    let capacity: Int

    init(row: Row) throws {
        id = try row["id"]
        venueID = try row["venue_id"]
        date = try row["date"]
        startTime = try row["start_time"]
        endTime = try row["end_time"]
        interval = Interval(start: try row["starts_at"], end: try row["ends_at"])
        capacity = try row["capacity"]
    }

    func calendarSlot(unitsFree: Int) -> CalendarSlot {
        CalendarSlot(
            id: id.rawValue, date: date, startTime: startTime, endTime: endTime, startsAt: interval.start, endsAt: interval.end,
            capacity: capacity, unitsFree: unitsFree
        )
    }
}

/// What can be wrong with a request about a slot.
enum TimeSlotError: String, DomainError {
    case notFound = "time_slot.not_found"
    case endsBeforeStart = "time_slot.ends_before_start"
    case outsideOpeningHours = "time_slot.outside_opening_hours"
    case capacityAboveVenue = "time_slot.capacity_above_venue"

    var kind: ErrorKind {
        switch self {
        case .notFound: .notFound
        case .endsBeforeStart, .capacityAboveVenue: .invalid
        case .outsideOpeningHours: .conflict
        }
    }

    var detail: String {
        switch self {
        case .notFound: "There is no such time slot at this venue."
        case .endsBeforeStart: "A slot must end after it starts."
        case .outsideOpeningHours: "The venue is not open all of that time."
        case .capacityAboveVenue: "A slot has at most the capacity of its venue."
        }
    }

    var failures: [FieldFailure] {
        switch self {
        case .endsBeforeStart: [FieldFailure(pointer: "/end_time", code: "range", detail: detail)]
        case .capacityAboveVenue: [FieldFailure(pointer: "/capacity", code: "range", detail: detail)]
        case .notFound, .outsideOpeningHours: []
        }
    }
}
