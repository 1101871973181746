import Core
import Wire

/// A stretch of days on a venue's wall calendar: one `date`, a `month`, or `start_date` to `end_date`; thirty days from today where nothing
/// is said.
struct CalendarDays: Codable, Sendable {
    var venueID: Venue.ID
    var date: LocalDate?
    var month: String?
    var startDate: LocalDate?
    var endDate: LocalDate?

    enum CodingKeys: String, CodingKey {
        case date, month
        case venueID = "venue_id"
        case startDate = "start_date"
        case endDate = "end_date"
    }
}

/// A request that is nothing but the days.
protocol CalendarRequest: Endpoint {
    var days: CalendarDays { get }
    init(days: CalendarDays)
}

extension CalendarRequest {
    init(from decoder: any Decoder) throws {
        self.init(days: try CalendarDays(from: decoder))
    }

    func encode(to encoder: any Encoder) throws {
        try days.encode(to: encoder)
    }

    func validate(_ check: inout Validation) {
        check(
            "month", days.month.map { LocalDate("\($0)-01") != nil } ?? true, code: "format", detail: "must be a month such as 2026-07"
        )
        let length = (days.endDate?.daysSinceEpoch ?? 0) - (days.startDate?.daysSinceEpoch ?? 0)
        check(
            "end_date", days.startDate == nil || days.endDate == nil || (0...CalendarRange.daysMax).contains(length), code: "range",
            detail: "must be start_date or up to \(CalendarRange.daysMax) days later"
        )
    }
}

/// The days that a calendar shows; both ends belong to it.
struct CalendarRange: Equatable {
    static let daysMax = 366
    static let daysDefault = 30

    let start: LocalDate
    let end: LocalDate

    init(_ days: CalendarDays, today: LocalDate) {
        if let date = days.date {
            (start, end) = (date, date)
        } else if let month = days.month, let first = LocalDate("\(month)-01") {
            let next = first.advanced(byDays: 31).civil
            start = first
            end = LocalDate(year: next.year, month: next.month, day: 1)?.advanced(byDays: -1) ?? first
        } else {
            start = days.startDate ?? days.endDate.map { min($0, today) } ?? today
            end = days.endDate ?? start.advanced(byDays: Self.daysDefault)
        }
    }
}

/// Reads a venue's calendar, open to everybody: when there is how much room. Nobody is named in it.
struct ReadCalendar: CalendarRequest {
    static let operation = Operation(
        "gym.calendar.read", .get, "/api/v1/venues/{venue_id}/calendar", access: .everyone,
        summary: "Read a venue's calendar with its stream position", aliases: [.init(.get, "/api/venues/{venue_id}/calendar")]
    )
    typealias Response = VenueCalendarSnapshot

    let days: CalendarDays
}

/// Reads a venue's calendar with its people, for its staff.
struct ReadOperations: CalendarRequest {
    static let operation = Operation(
        "gym.operations.read", .get, "/api/v1/venues/{venue_id}/operations", access: .signedIn,
        summary: "Read a venue's calendar with the people in it, for staff of the venue"
    )
    typealias Response = VenueOperationsSnapshot

    let days: CalendarDays
}

/// Says whether a stretch of a day could not be reserved by the caller.
struct CheckConflict: Endpoint {
    static let operation = Operation(
        "gym.conflicts.check", .post, "/api/v1/venues/{venue_id}/check-conflict", access: .signedIn,
        summary: "Check whether a time is taken", isIdempotencyAware: false
    )

    struct Response: Codable, Sendable {
        let conflict: Bool
    }

    var venueID: Venue.ID
    var date: LocalDate
    var startTime: LocalTime
    var endTime: LocalTime

    enum CodingKeys: String, CodingKey {
        case date
        case venueID = "venue_id"
        case startTime = "start_time"
        case endTime = "end_time"
    }

    func validate(_ check: inout Validation) {
        check("end_time", startTime < endTime, code: "range", detail: "must be after start_time")
    }
}
