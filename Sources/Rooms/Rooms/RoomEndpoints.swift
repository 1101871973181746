import Core
import Wire

/// Lists the rooms by page, perhaps those of one status alone.
struct ListRooms: Endpoint {
    static let operation = Operation("rooms.rooms.list", .get, "/rooms", access: .signedIn, summary: "List the rooms")
    typealias Response = NumberedPage<Room>

    static let limitDefault = 10
    static let limitMax: Int64 = 100

    var page: Int?
    var limit: Int?
    var status: Room.Status?

    func validate(_ check: inout Validation) {
        check.page(page, limit: limit, limitMax: Self.limitMax)
    }
}

/// Lists the rooms that can be had for the whole of an interval, the smallest first.
struct FindFreeRooms: Endpoint {
    static let operation = Operation(
        "rooms.rooms.find-free", .get, "/rooms/free", access: .signedIn, summary: "Find rooms that are free in an interval"
    )
    typealias Response = NumberedPage<Room>

    var startTime: ZonedTimestamp
    var endTime: ZonedTimestamp
    /// Seats that are needed.
    var capacity: Int?
    /// Words in the name, location or description.
    var q: String?
    var page: Int?
    var limit: Int?

    func validate(_ check: inout Validation) {
        check.interval(startTime.instant, endTime.instant)
        check("capacity", capacity, in: Room.capacityRange)
        check("q", q, length: 0...200)
        check.page(page, limit: limit, limitMax: ListRooms.limitMax)
    }
}

/// Adds a room; it is available at once.
struct CreateRoom: Endpoint {
    static let operation = Operation(
        "rooms.rooms.create", .post, "/rooms", success: .created, access: .administrators, summary: "Add a room"
    )
    typealias Response = Room

    static let timeZoneDefault = "Asia/Shanghai"

    var name: String
    /// Seats.
    var capacity: Int
    var location: String?
    var description: String?
    /// The IANA zone of the room's wall clock, which says when its days begin.
    var timeZone: String?
    /// Minutes after the beginning within which somebody has to check in, or the rest of the time is given back; 0 where nobody has to.
    var checkInMinutes: Int?

    func validate(_ check: inout Validation) {
        check("name", name, length: 1...100)
        check("capacity", capacity, in: Room.capacityRange)
        check("location", location, length: 0...200)
        check("description", description, length: 0...2_000, multiline: true)
        check("timeZone", timeZone, length: 1...64)
        check("checkInMinutes", checkInMinutes, in: Room.checkInRange)
    }
}

/// Reads one room.
struct ReadRoom: Endpoint {
    static let operation = Operation("rooms.rooms.read", .get, "/rooms/{id}", access: .signedIn, summary: "Read a room")
    typealias Response = Room

    var id: Room.ID
}

/// Changes the named fields of a room; absent ones stay. What is reserved stays reserved, whatever the status becomes.
struct ChangeRoom: Endpoint {
    static let operation = Operation("rooms.rooms.change", .patch, "/rooms/{id}", access: .administrators, summary: "Change a room")
    typealias Response = Room

    var id: Room.ID
    var name: String?
    var capacity: Int?
    var location: String?
    var description: String?
    var status: Room.Condition?
    var isActive: Bool?
    /// Holds for reservations that are made or moved from now on; 0 where nobody has to check in.
    var checkInMinutes: Int?

    func validate(_ check: inout Validation) {
        check("name", name, length: 1...100)
        check("capacity", capacity, in: Room.capacityRange)
        check("location", location, length: 0...200)
        check("description", description, length: 0...2_000, multiline: true)
        check("checkInMinutes", checkInMinutes, in: Room.checkInRange)
    }
}

/// Changes what a room is fit for and touches nothing else.
struct ChangeRoomStatus: Endpoint {
    static let operation = Operation(
        "rooms.rooms.change-status", .patch, "/rooms/{id}/status", access: .administrators, summary: "Change a room's status"
    )
    typealias Response = Room

    var id: Room.ID
    var status: Room.Condition
}

/// Removes a room that nobody has reserved any more.
struct DeleteRoom: Endpoint {
    static let operation = Operation(
        "rooms.rooms.delete", .delete, "/rooms/{id}", success: .noContent, access: .administrators, summary: "Remove a room"
    )
    typealias Response = NoContent

    var id: Room.ID
}

extension Validation {
    /// The longest time for which a room can be had, in seconds.
    static let longestSeconds: Int64 = 86_400

    /// The bounds of a reservation's time: both or none of the ends.
    mutating func interval(_ start: Instant?, _ end: Instant?) {
        let length = start.flatMap { start in end.map { $0.microseconds - start.microseconds } } ?? 1
        self("endTime", length > 0, code: "range", detail: "must be after startTime")
        self("endTime", length <= Self.longestSeconds * 1_000_000, code: "range", detail: "must be at most 24 hours after startTime")
    }
}
