import Core
import Wire

/// Every door into the calendars.
struct CalendarFeature: Feature {
    let service: CalendarService

    func register(on api: inout API) {
        api.expose(ReadCalendar.self, service.read)
        api.expose(ReadOperations.self, service.readOperations)
        api.expose(CheckConflict.self, service.checkConflict)
        api.allowWatching(VenueCalendar.prefix, when: service.mayWatchCalendar)
        api.allowWatching(VenueOperations.prefix, when: service.mayWatchOperations)
    }
}
