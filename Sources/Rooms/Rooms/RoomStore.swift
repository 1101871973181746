import Booking
import Core
import Storage
import Wire

/// Of every room, whether it is in use at this moment.
private func selection(at now: Instant) -> SQL {
    "SELECT room.*, \(isOccupied(at: now)) AS is_occupied FROM room"
}

private func isOccupied(at now: Instant) -> SQL {
    .isOccupied("room.resource_id", during: Interval(start: now, end: Instant(microseconds: now.microseconds + 1)), at: now)
}

extension Snapshot {
    func room(_ id: Room.ID) throws -> RoomRow? {
        try first("\(selection(at: now)) WHERE room.id = \(id) AND room.deleted_at IS NULL")
    }

    /// Deleted ones, too: their reservations remember them.
    func rooms(_ ids: Set<Room.ID>) throws -> [Room.ID: Room] {
        let rows: [RoomRow] = try all("\(selection(at: now)) WHERE room.id IN \(list: ids.sorted())")
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0.room) })
    }

    /// In order of id.
    func rooms(_ status: Room.Status?, _ window: PageWindow) throws -> [RoomRow] {
        try all("\(selection(at: now)) WHERE \(has(status)) ORDER BY room.id LIMIT \(window.limit) OFFSET \(window.offset)")
    }

    func roomCount(_ status: Room.Status?) throws -> Int {
        try value("SELECT COUNT(*) FROM room WHERE \(has(status))") ?? 0
    }

    /// The smallest first.
    func freeRooms(_ request: FindFreeRooms, _ window: PageWindow) throws -> [RoomRow] {
        try all(
            """
            \(selection(at: now)) WHERE \(isFree(request)) ORDER BY room.capacity, room.id LIMIT \(window.limit) OFFSET \(window.offset)
            """
        )
    }

    func freeRoomCount(_ request: FindFreeRooms) throws -> Int {
        try value("SELECT COUNT(*) FROM room WHERE \(isFree(request))") ?? 0
    }

    private func has(_ status: Room.Status?) -> SQL {
        switch status {
        case nil: "room.deleted_at IS NULL"
        case .available: "room.deleted_at IS NULL AND room.status = 'available' AND NOT \(isOccupied(at: now))"
        case .occupied: "room.deleted_at IS NULL AND room.status = 'available' AND \(isOccupied(at: now))"
        case .maintenance: "room.deleted_at IS NULL AND room.status = 'maintenance'"
        case .disabled: "room.deleted_at IS NULL AND room.status = 'disabled'"
        }
    }

    private func isFree(_ request: FindFreeRooms) -> SQL {
        let interval = Interval(start: request.startTime.instant, end: request.endTime.instant)
        return """
            room.deleted_at IS NULL AND room.status = 'available' AND room.is_active = \(true) AND room.capacity >= \(request.capacity ?? 0)
                AND \(matches: request.q, columns: ["room.name", "room.location", "room.description"])
                AND NOT \(SQL.isOccupied("room.resource_id", during: interval, at: now))
            """
    }
}

extension Transaction {
    func insertRoom(_ request: CreateRoom, timeZone: String, resource: Resource.ID) throws -> RoomRow {
        let id = Room.ID(
            try insert(
                """
                INSERT INTO room (resource_id, name, capacity, location, description, status, is_active, time_zone, check_in_minutes,
                    version, created_at, updated_at)
                VALUES (\(resource), \(request.name), \(request.capacity), \(request.location ?? ""), \(request.description ?? ""),
                    \(Room.Condition.available), \(true), \(timeZone), \(request.checkInMinutes ?? 0), 1, \(now), \(now))
                """
            )
        )
        return try one("\(selection(at: now)) WHERE room.id = \(id)")
    }

    func updateRoom(_ request: ChangeRoom) throws -> RoomRow {
        try execute(
            """
            UPDATE room SET name = COALESCE(\(request.name), name), capacity = COALESCE(\(request.capacity), capacity),
                location = COALESCE(\(request.location), location), description = COALESCE(\(request.description), description),
                status = COALESCE(\(request.status), status), is_active = COALESCE(\(request.isActive), is_active),
                check_in_minutes = COALESCE(\(request.checkInMinutes), check_in_minutes), version = version + 1,
                updated_at = \(now)
            WHERE id = \(request.id)
            """
        )
        return try one("\(selection(at: now)) WHERE room.id = \(request.id)")
    }

    func markRoomDeleted(_ id: Room.ID) throws {
        try execute("UPDATE room SET deleted_at = \(now), updated_at = \(now), version = version + 1, resource_id = NULL WHERE id = \(id)")
    }
}
