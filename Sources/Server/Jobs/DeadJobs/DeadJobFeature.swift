import Core

/// Every door to the dead letters.
struct DeadJobFeature: Feature {
    let service: DeadJobService

    func register(on api: inout API) {
        api.expose(ListDeadJobs.self, service.list)
        api.expose(ReviveDeadJob.self, service.revive)
        api.expose(DiscardDeadJob.self, service.discard)
    }
}
