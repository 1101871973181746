import Core

/// Every door to the reservations of rooms.
struct ReservationFeature: Feature {
    let service: ReservationService

    func register(on api: inout API) {
        api.expose(ReserveRoom.self, service.reserve)
        api.expose(ListOwnRoomReservations.self, service.listOwn)
        api.expose(ListRoomReservations.self, service.list)
        api.expose(ReadRoomReservation.self, service.read)
        api.expose(ChangeRoomReservation.self, service.change)
        api.expose(CancelRoomReservation.self, service.cancel)
    }
}
