import Core
import Wire

/// Reads when a room is taken on a day or in a week, and the place in its stream at which that was read. Nobody is named in it.
struct ReadTimeline: Endpoint {
    static let operation = Operation(
        "rooms.timelines.read", .get, "/rooms/{id}/timeline", access: .signedIn,
        summary: "Read a room's day or week with its stream position"
    )
    typealias Response = RoomTimeline

    var id: Room.ID
    /// Today on the room's wall calendar where absent.
    var date: LocalDate?
    /// The day where absent; else the week that the date lies in.
    var span: TimelineSpan?
}

/// Reads a room's day or week with its people, for its staff.
struct ReadRoomOperations: Endpoint {
    static let operation = Operation(
        "rooms.operations.read", .get, "/rooms/{id}/operations", access: .signedIn,
        summary: "Read a room's day or week with the people in it, for staff of the room"
    )
    typealias Response = RoomOperationsTimeline

    var id: Room.ID
    /// Today on the room's wall calendar where absent.
    var date: LocalDate?
    /// The day where absent; else the week that the date lies in.
    var span: TimelineSpan?
}

/// Reads the caller's own reservations in an interval, and the place in the personal stream at which they were read.
struct ReadAgenda: Endpoint {
    static let operation = Operation(
        "rooms.agenda.read", .get, "/agenda", access: .signedIn, summary: "Read one's own reservations with their stream position"
    )
    typealias Response = Agenda

    /// As much as two months.
    static let daysMax: Int64 = 62
    /// More than anybody can attend.
    static let reservationsMax = 2_000

    var startTime: ZonedTimestamp
    var endTime: ZonedTimestamp

    func validate(_ check: inout Validation) {
        check("endTime", startTime.instant < endTime.instant, code: "range", detail: "must be after startTime")
        check(
            "endTime", endTime.instant.seconds(since: startTime.instant) <= Self.daysMax * 86_400, code: "range",
            detail: "must be at most \(Self.daysMax) days after startTime"
        )
    }
}
