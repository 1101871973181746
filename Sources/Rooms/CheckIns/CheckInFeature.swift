import Core

/// The door to check-ins.
struct CheckInFeature: Feature {
    let service: CheckInService

    func register(on api: inout API) {
        api.expose(CheckIn.self, service.checkIn)
    }
}
