import Core

/// Every door into the venues.
struct VenueFeature: Feature {
    let service: VenueService
    /// Lists are the same for everybody; a change of the catalogue empties it.
    let listCache: ResponseCache

    func register(on api: inout API) {
        api.expose(ListVenues.self, cache: listCache, service.list)
        api.expose(CreateVenue.self, service.create)
        api.expose(ReadVenue.self, service.read)
        api.expose(UpdateVenue.self, service.update)
        api.expose(ChangeVenueStatus.self, service.changeStatus)
        api.expose(DeleteVenue.self, service.delete)
    }
}
