import Core

/// Every door to the rooms.
struct RoomFeature: Feature {
    let service: RoomService

    func register(on api: inout API) {
        api.expose(ListRooms.self, service.list)
        api.expose(FindFreeRooms.self, service.findFree)
        api.expose(CreateRoom.self, service.create)
        api.expose(ReadRoom.self, service.read)
        api.expose(ChangeRoom.self, service.change)
        api.expose(ChangeRoomStatus.self, service.changeStatus)
        api.expose(DeleteRoom.self, service.delete)
    }
}
