import Core
import Recurrence
import Wire

/// What becomes of a series when the room is taken on some of its dates.
enum SeriesMode: String, Codable, CaseIterable, Sendable {
    /// All dates or none.
    case all
    /// The dates that can be had; the others are listed.
    case skip
}

/// Reserves a room again and again, by the wall clock. Each date is a reservation of its own.
struct CreateSeries: Endpoint {
    static let operation = Operation(
        "rooms.series.create", .post, "/series", success: .created, access: .signedIn, summary: "Reserve a room again and again"
    )
    typealias Response = DatedSeries

    var title: String
    var description: String?
    /// Others see only that the room is taken.
    var isPrivate: Bool?
    var roomId: Room.ID
    /// Where the rule begins, by the wall clock; a date only if the rule says so.
    var startTime: LocalDateTime
    var durationMinutes: Int
    /// RFC 5545's RRULE with COUNT or UNTIL.
    var rule: String
    /// The IANA zone of that wall clock; the room's where absent.
    var timeZone: String?
    /// All or nothing where absent.
    var mode: SeriesMode?

    func validate(_ check: inout Validation) {
        check("title", title, length: 1...ReservationTexts.titleMax)
        check("description", description, length: 0...ReservationTexts.descriptionMax, multiline: true)
        check("roomId", roomId)
        check.seriesTime(minutes: durationMinutes, rule: rule, timeZone: timeZone)
    }
}

/// Tells for each date whether the room can be had, and takes nothing.
struct ReportSeries: Endpoint {
    static let operation = Operation(
        "rooms.series.report", .post, "/series/report", access: .signedIn, summary: "Ask on which dates of a series a room is free",
        isIdempotencyAware: false
    )
    typealias Response = SeriesReport

    var roomId: Room.ID
    /// Where the rule begins, by the wall clock; a date only if the rule says so.
    var startTime: LocalDateTime
    var durationMinutes: Int
    /// RFC 5545's RRULE with COUNT or UNTIL.
    var rule: String
    /// The IANA zone of that wall clock; the room's where absent.
    var timeZone: String?

    func validate(_ check: inout Validation) {
        check("roomId", roomId)
        check.seriesTime(minutes: durationMinutes, rule: rule, timeZone: timeZone)
    }
}

/// Lists the caller's series.
struct ListOwnSeries: Endpoint {
    static let operation = Operation("rooms.series.list-own", .get, "/series", access: .signedIn, summary: "List one's own series")
    typealias Response = Listing<RoomSeries>

    static let limitDefault = 100

    var page: Int?
    var limit: Int?

    func validate(_ check: inout Validation) {
        check.page(page, limit: limit, limitMax: Int64(Response.limitMax))
    }
}

/// Reads a series with the dates that stand; for its owner and administrators.
struct ReadSeries: Endpoint {
    static let operation = Operation("rooms.series.read", .get, "/series/{id}", access: .signedIn, summary: "Read a series with its dates")
    typealias Response = DatedSeries

    var id: RoomSeries.ID
}

/// Changes a series on all dates that have not begun, or from one of them on; what is absent stays as it is. One date alone is changed as a
/// reservation, and stays as it is from then on.
///
/// From a date on: the series ends before it, and another one begins, which is the answer.
struct ChangeSeries: Endpoint {
    static let operation = Operation("rooms.series.change", .patch, "/series/{id}", access: .signedIn, summary: "Change a series")
    typealias Response = DatedSeries

    var id: RoomSeries.ID
    /// The date from which on it changes; all of them where absent.
    var from: LocalDateTime?
    var title: String?
    var description: String?
    /// Others see only that the room is taken.
    var isPrivate: Bool?
    /// When it begins on its days, by the wall clock.
    var time: LocalTime?
    var durationMinutes: Int?
    /// Another rule: dates that it does not mean are given back, new ones are taken.
    var rule: String?
    /// All or nothing where absent. Where dates are skipped they stay as they are.
    var mode: SeriesMode?

    func validate(_ check: inout Validation) {
        check("title", title, length: 1...ReservationTexts.titleMax)
        check("description", description, length: 0...ReservationTexts.descriptionMax, multiline: true)
        check.seriesTime(minutes: durationMinutes, rule: rule, timeZone: nil)
    }
}

/// Cancels all dates of a series that have not begun, or those from one on.
struct CancelSeries: Endpoint {
    static let operation = Operation(
        "rooms.series.cancel", .delete, "/series/{id}", success: .noContent, access: .signedIn, summary: "Cancel a series"
    )
    typealias Response = NoContent

    var id: RoomSeries.ID
    /// The date from which on it is cancelled; all of it where absent.
    var from: LocalDateTime?
}

extension Validation {
    /// The bounds of what comes again.
    fileprivate mutating func seriesTime(minutes: Int?, rule: String?, timeZone: String?) {
        self("durationMinutes", minutes, in: 1...1_440)
        self("rule", rule, length: 1...RecurrenceRule.textBytesMax)
        self("timeZone", timeZone, length: 1...64)
        guard let rule else { return }
        do {
            _ = try RecurrenceRule(rule)
        } catch {
            self("rule", false, code: error.situation.rawValue, detail: error.detail)
        }
    }
}
