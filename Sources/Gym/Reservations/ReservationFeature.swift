import Core

/// Every door into the reservations.
struct ReservationFeature: Feature {
    let service: ReservationService

    func register(on api: inout API) {
        api.expose(CreateReservation.self, service.create)
        api.expose(BookTimeSlot.self, service.book)
        api.expose(ListOwnReservations.self, service.listOwn)
        api.expose(ReadReservation.self, service.read)
        api.expose(CancelReservation.self, service.cancel)
    }
}
