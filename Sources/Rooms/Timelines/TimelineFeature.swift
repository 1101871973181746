import Core
import Wire

/// Every door to the timelines.
struct TimelineFeature: Feature {
    let service: TimelineService

    func register(on api: inout API) {
        api.expose(ReadTimeline.self, service.read)
        api.expose(ReadRoomOperations.self, service.readOperations)
        api.expose(ReadAgenda.self, service.readAgenda)
        api.allowWatching(RoomCalendar.prefix, when: service.mayWatchCalendar)
        api.allowWatching(RoomOperations.prefix, when: service.mayWatchOperations)
    }
}
