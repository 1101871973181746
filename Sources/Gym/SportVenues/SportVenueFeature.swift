import Core

/// Every door into the sports centres.
struct SportVenueFeature: Feature {
    let service: SportVenueService

    func register(on api: inout API) {
        api.expose(ListSportVenues.self, service.list)
        api.expose(CreateSportVenue.self, service.create)
        api.expose(ReadSportVenue.self, service.read)
        api.expose(UpdateSportVenue.self, service.update)
        api.expose(DeleteSportVenue.self, service.delete)
    }
}
