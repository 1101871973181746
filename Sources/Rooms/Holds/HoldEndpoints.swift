import Core
import Wire

/// Keeps a room for the caller, who can have it until the hold expires. Others see the room as held.
struct HoldRoom: Endpoint {
    static let operation = Operation(
        "rooms.holds.create", .post, "/holds", success: .created, access: .signedIn, summary: "Hold a room for a while"
    )
    typealias Response = RoomHold

    var roomId: Room.ID
    var startTime: ZonedTimestamp
    var endTime: ZonedTimestamp
    /// How long it is kept; five minutes where absent.
    var seconds: Int64?

    func validate(_ check: inout Validation) {
        check("roomId", roomId)
        check.interval(startTime.instant, endTime.instant)
        check("seconds", seconds, in: RoomHold.secondsRange)
    }
}

/// Lists the caller's holds that stand.
struct ListOwnHolds: Endpoint {
    static let operation = Operation(
        "rooms.holds.list-own", .get, "/holds", access: .signedIn, summary: "List one's own holds with their stream position"
    )
    typealias Response = OwnHolds
}

/// Reads a hold that stands; for its holder and administrators.
struct ReadHold: Endpoint {
    static let operation = Operation("rooms.holds.read", .get, "/holds/{id}", access: .signedIn, summary: "Read a hold")
    typealias Response = RoomHold

    var id: RoomHold.ID
}

/// Makes a reservation of a hold. Before the hold expires nothing can stand in the way, whatever has become of the room meanwhile. Afterwards it is
/// refused, or competes with everybody else for the room.
struct ConfirmHold: Endpoint {
    static let operation = Operation(
        "rooms.holds.confirm", .post, "/holds/{id}/confirmation", success: .created, access: .signedIn,
        summary: "Reserve the room that one holds"
    )
    typealias Response = ReservedRoom

    var id: RoomHold.ID
    var title: String
    var description: String?
    /// Others see only that the room is taken.
    var isPrivate: Bool?
    /// Whether the room is to be taken also where the hold has expired, if nobody else has it.
    var ifStillFree: Bool?

    func validate(_ check: inout Validation) {
        check("title", title, length: 1...ReservationTexts.titleMax)
        check("description", description, length: 0...ReservationTexts.descriptionMax, multiline: true)
    }
}

/// Gives back a room that was held.
struct ReleaseHold: Endpoint {
    static let operation = Operation(
        "rooms.holds.release", .delete, "/holds/{id}", success: .noContent, access: .signedIn, summary: "Release a hold"
    )
    typealias Response = NoContent

    var id: RoomHold.ID
}
