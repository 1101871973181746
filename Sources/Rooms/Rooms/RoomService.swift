import Booking
import Core
import Storage
import Wire

/// The rules of rooms.
struct RoomService: Sendable {
    let database: Database
    let occupancy: Occupancy
    let timeZones: any TimeZones

    func list(_ request: ListRooms, in context: CallContext) async throws -> NumberedPage<Room> {
        let window = PageWindow(page: request.page, limit: request.limit, limitDefault: ListRooms.limitDefault)
        return try await database.read { snapshot in
            let rooms = try snapshot.rooms(request.status, window)
            return NumberedPage(rooms.map(\.room), total: try snapshot.roomCount(request.status), window)
        }
    }

    /// - Throws: `ValidationError`.
    func findFree(_ request: FindFreeRooms, in context: CallContext) async throws -> NumberedPage<Room> {
        try timeZones.require(request.startTime, request.endTime)
        let window = PageWindow(page: request.page, limit: request.limit, limitDefault: ListRooms.limitDefault)
        return try await database.read { snapshot in
            let rooms = try snapshot.freeRooms(request, window)
            return NumberedPage(rooms.map(\.room), total: try snapshot.freeRoomCount(request), window)
        }
    }

    func read(_ request: ReadRoom, in context: CallContext) async throws -> Room {
        guard let found = try await database.read({ try $0.room(request.id) }) else { throw RoomError.notFound }
        return found.room
    }

    /// - Throws: ``RoomError/unknownTimeZone``.
    func create(_ request: CreateRoom, in context: CallContext) async throws -> Room {
        try context.caller.administrator()
        let zone = request.timeZone ?? CreateRoom.timeZoneDefault
        guard timeZones.contains(zone) else { throw RoomError.unknownTimeZone }
        return try await database.write(for: context) { tx in
            let resource = try tx.insertResource(kind: .room, parent: nil, capacity: 1, isExclusive: true, timeZone: zone)
            let room = try tx.insertRoom(request, timeZone: zone, resource: resource).room
            try tx.setPublicID(room.id.rawValue, of: resource)
            try tx.audit("room.created", "room:\(room.id)", after: room)
            return room
        }
    }

    func change(_ request: ChangeRoom, in context: CallContext) async throws -> Room {
        try context.caller.administrator()
        return try await database.write(for: context) { try change(request, action: "room.changed", in: $0) }
    }

    func changeStatus(_ request: ChangeRoomStatus, in context: CallContext) async throws -> Room {
        try context.caller.administrator()
        let change = ChangeRoom(id: request.id, status: request.status)
        return try await database.write(for: context) { try self.change(change, action: "room.status_changed", in: $0) }
    }

    /// - Throws: ``RoomReservedError`` with what is still to come. What is over stays, and is called completed.
    func delete(_ request: DeleteRoom, in context: CallContext) async throws -> NoContent {
        try context.caller.administrator()
        return try await database.write(for: context) { tx in
            let (found, resource) = try tx.lockRoom(request.id, for: nil, occupancy)
            try context.require(found.version)
            let coming = try tx.occupations(on: resource, endingAfter: tx.now, limit: RoomReservedError.conflictsMax)
            guard coming.isEmpty else { throw RoomReservedError(intervals: coming.map(\.interval)) }
            try tx.completeReservations(in: found.id)
            try tx.deleteFeed(of: .room(found.id))
            try tx.endDisplay(of: found.id)
            try tx.markRoomDeleted(found.id)
            try tx.removeResource(resource.id)
            try tell(RoomRemoved(roomID: found.id.rawValue), in: found.id, tx)
            try tx.audit("room.deleted", "room:\(found.id)", before: found.room)
            return NoContent()
        }
    }

    /// One way to change a room, whatever the address.
    private func change(_ request: ChangeRoom, action: String, in tx: Transaction) throws -> Room {
        let (before, _) = try tx.lockRoom(request.id, for: nil, occupancy)
        try tx.context.require(before.version)
        let after = try tx.updateRoom(request)
        let event = RoomChanged(
            roomID: after.id.rawValue, name: after.room.name, capacity: after.room.capacity, location: after.room.location,
            status: after.condition.rawValue, isActive: after.room.isActive
        )
        try tell(event, in: after.id, tx)
        try tx.audit(action, "room:\(after.id)", before: before.room, after: after.room)
        return after.room
    }

    private func tell(_ event: some Event, in room: Room.ID, _ tx: Transaction) throws {
        try tx.emit(event, to: RoomCalendar(room: room.rawValue), RoomOperations(room: room.rawValue))
    }
}

extension Transaction {
    /// Locks a room and reads it anew, with the person whose room it shall be.
    ///
    /// - Throws: ``RoomError/notFound``.
    func lockRoom(_ id: Room.ID, for owner: UserID?, _ occupancy: Occupancy) throws -> (RoomRow, Resource) {
        guard let candidate = try room(id)?.resourceID else { throw RoomError.notFound }
        guard let resource = try occupancy.lock(candidate, for: owner, in: self), let found = try room(id) else { throw RoomError.notFound }
        return (found, resource)
    }
}
