import Core

/// Every door to the holds.
struct HoldFeature: Feature {
    let service: HoldService

    func register(on api: inout API) {
        api.expose(HoldRoom.self, service.hold)
        api.expose(ListOwnHolds.self, service.listOwn)
        api.expose(ReadHold.self, service.read)
        api.expose(ConfirmHold.self, service.confirm)
        api.expose(ReleaseHold.self, service.release)
    }
}
