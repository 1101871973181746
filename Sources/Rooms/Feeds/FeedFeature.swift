import Core

/// Every door to the addresses of calendars; the calendars themselves are read from the root, see ``CalendarFeeds``.
struct FeedFeature: Feature {
    let service: FeedService

    func register(on api: inout API) {
        api.expose(CreateOwnFeed.self, service.createOwn)
        api.expose(ReadOwnFeed.self, service.readOwn)
        api.expose(RevokeOwnFeed.self, service.revokeOwn)
        api.expose(CreateRoomFeed.self, service.createForRoom)
        api.expose(ReadRoomFeed.self, service.readForRoom)
        api.expose(RevokeRoomFeed.self, service.revokeForRoom)
    }
}
