import Core
import Wire

/// The longest texts of a reservation, in Unicode scalars.
enum ReservationTexts {
    static let titleMax = 200
    static let descriptionMax = 2_000
}

/// Takes a room for the caller. Times that are over are taken, too: a log of meetings may be written afterwards.
struct ReserveRoom: Endpoint {
    static let operation = Operation(
        "rooms.reservations.create", .post, "/reservations", success: .created, access: .signedIn, summary: "Reserve a room"
    )
    typealias Response = ReservedRoom

    var title: String
    var description: String?
    var startTime: ZonedTimestamp
    var endTime: ZonedTimestamp
    var roomId: Room.ID
    /// Others see only that the room is taken.
    var isPrivate: Bool?

    func validate(_ check: inout Validation) {
        check("title", title, length: 1...ReservationTexts.titleMax)
        check("description", description, length: 0...ReservationTexts.descriptionMax, multiline: true)
        check.interval(startTime.instant, endTime.instant)
        check("roomId", roomId)
    }
}

/// Lists the caller's reservations.
struct ListOwnRoomReservations: Endpoint {
    static let operation = Operation(
        "rooms.reservations.list-own", .get, "/reservations/user", access: .signedIn, summary: "List one's own reservations"
    )
    typealias Response = Listing<OwnRoomReservation>

    var page: Int?
    var limit: Int?

    func validate(_ check: inout Validation) {
        check.page(page, limit: limit, limitMax: Int64(Response.limitMax))
    }
}

/// Lists everybody's reservations.
struct ListRoomReservations: Endpoint {
    static let operation = Operation(
        "rooms.reservations.list", .get, "/reservations", access: .administrators, summary: "List all reservations"
    )
    typealias Response = Listing<RoomReservation>

    var page: Int?
    var limit: Int?

    func validate(_ check: inout Validation) {
        check.page(page, limit: limit, limitMax: Int64(Response.limitMax))
    }
}

/// Reads a reservation: all of it for its owner, whom he has invited, and administrators; for others when and where it is, and the title
/// unless it is private.
struct ReadRoomReservation: Endpoint {
    static let operation = Operation(
        "rooms.reservations.read", .get, "/reservations/{id}", access: .signedIn, summary: "Read a reservation"
    )
    typealias Response = RoomReservation

    var id: RoomReservation.ID
}

/// Moves a reservation, or says something else of it; what is absent stays as it is. It keeps its id, and where the new time is taken
/// everything stays as it was.
struct ChangeRoomReservation: Endpoint {
    static let operation = Operation(
        "rooms.reservations.change", .patch, "/reservations/{id}", access: .signedIn, summary: "Change a reservation"
    )
    typealias Response = RoomReservation

    var id: RoomReservation.ID
    var title: String?
    var description: String?
    var startTime: ZonedTimestamp?
    var endTime: ZonedTimestamp?
    /// Others see only that the room is taken.
    var isPrivate: Bool?

    func validate(_ check: inout Validation) {
        check("title", title, length: 1...ReservationTexts.titleMax)
        check("description", description, length: 0...ReservationTexts.descriptionMax, multiline: true)
        check.interval(startTime?.instant, endTime?.instant)
    }
}

/// Gives a room back.
struct CancelRoomReservation: Endpoint {
    static let operation = Operation(
        "rooms.reservations.cancel", .delete, "/reservations/{id}", success: .noContent, access: .signedIn, summary: "Cancel a reservation"
    )
    typealias Response = NoContent

    var id: RoomReservation.ID
}
