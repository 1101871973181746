import Core

/// Every door to the links of displays; what a display shows is read with its secret, see ``RoomDisplays``.
struct DisplayFeature: Feature {
    let service: DisplayService

    func register(on api: inout API) {
        api.expose(CreateDisplayLink.self, service.create)
        api.expose(ReadDisplayLink.self, service.read)
        api.expose(RevokeDisplayLink.self, service.revoke)
    }
}
