import Core
import Wire

/// What can be wrong with a request about a series.
enum SeriesError: String, DomainError {
    case notFound = "room_series.not_found"
    case endless = "room_series.endless"
    case never = "room_series.never"
    case unknownDate = "room_series.unknown_date"
    case hasBegun = "room_series.has_begun"

    var kind: ErrorKind {
        switch self {
        case .notFound: .notFound
        case .endless, .never, .unknownDate: .invalid
        case .hasBegun: .conflict
        }
    }

    var detail: String {
        switch self {
        case .notFound: "There is no such series."
        case .endless: "/rule: It must end, by COUNT or UNTIL, within \(SeriesPlan.datesMax) dates."
        case .never: "/rule: It has no date."
        case .unknownDate: "/from: It is no date of the series."
        case .hasBegun: "That date has begun: what is over stays as it was."
        }
    }

    var failures: [FieldFailure] {
        switch self {
        case .endless: [FieldFailure(pointer: "/rule", code: "range", detail: detail)]
        case .never: [FieldFailure(pointer: "/rule", code: "range", detail: detail)]
        case .unknownDate: [FieldFailure(pointer: "/from", code: "choice", detail: detail)]
        case .notFound, .hasBegun: []
        }
    }
}

/// Some dates of a series can't be had, and it was to be all of them or none.
struct SeriesConflictError: DomainError {
    /// The dates, not what stands there: at most ``SeriesPlan/datesMax``.
    let intervals: [Interval]

    var code: String { "room_series.conflicts" }
    var kind: ErrorKind { .conflict }
    var detail: String { "The room is taken on \(intervals.count) of the dates; nothing was changed." }

    var conflicts: [ConflictDetail] {
        intervals.map { ConflictDetail(reason: "taken", start: $0.start.rfc3339, end: $0.end.rfc3339) }
    }
}
