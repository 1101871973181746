import Core
import Wire

/// What can be wrong with a request about a room.
enum RoomError: String, DomainError {
    case notFound = "room.not_found"
    case unknown = "room.unknown"
    case notAvailable = "room.not_available"
    case unknownTimeZone = "room.unknown_time_zone"

    var kind: ErrorKind {
        switch self {
        case .notFound: .notFound
        case .unknown, .unknownTimeZone: .invalid
        case .notAvailable: .conflict
        }
    }

    var detail: String {
        switch self {
        case .notFound: "There is no such room."
        case .unknown: "/roomId: There is no such room."
        case .notAvailable: "The room takes no reservations: it is in maintenance, or out of service."
        case .unknownTimeZone: "/timeZone: The time zone is not one of the IANA database."
        }
    }

    var failures: [FieldFailure] {
        switch self {
        case .unknown: [FieldFailure(pointer: "/roomId", code: "choice", detail: detail)]
        case .unknownTimeZone: [FieldFailure(pointer: "/timeZone", code: "choice", detail: detail)]
        case .notFound, .notAvailable: []
        }
    }
}

/// A room can't go while somebody counts on it.
struct RoomReservedError: DomainError {
    /// When the room is promised, at most ``conflictsMax`` times.
    let intervals: [Interval]

    /// As many are listed as a person reads.
    static let conflictsMax = 20

    var code: String { "room.reserved" }
    var kind: ErrorKind { .conflict }
    var detail: String { "There are reservations to come in this room; move or cancel them first." }

    var conflicts: [ConflictDetail] {
        intervals.map { ConflictDetail(reason: "reserved", start: $0.start.rfc3339, end: $0.end.rfc3339) }
    }
}
