import Core

/// Every door into the slots.
struct TimeSlotFeature: Feature {
    let service: TimeSlotService

    func register(on api: inout API) {
        api.expose(CreateTimeSlot.self, service.create)
        api.expose(ListTimeSlots.self, service.list)
        api.expose(UpdateTimeSlot.self, service.update)
        api.expose(DeleteTimeSlot.self, service.delete)
    }
}
