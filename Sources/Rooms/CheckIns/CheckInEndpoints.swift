import Core
import Wire

/// Says that the people of a reservation have come. From a quarter of an hour before the beginning on; once is enough.
struct CheckIn: Endpoint {
    static let operation = Operation(
        "rooms.check-ins.create", .post, "/reservations/{id}/check-in", access: .signedIn, summary: "Check in to a reservation"
    )
    typealias Response = RoomReservation

    var id: RoomReservation.ID
}
