import Core
import Storage
import Wire

/// The link of a display, as far as it is known.
struct DisplayRow: RowDecodable {
    let id: Int64
    let roomID: Room.ID
    let createdAt: Instant

    init(row: Row) throws {
        id = try row["id"]
        roomID = try row["room_id"]
        createdAt = try row["created_at"]
    }
}

extension Snapshot {
    func display(of room: Room.ID) throws -> DisplayRow? {
        try first("SELECT id, room_id, created_at FROM room_display WHERE room_id = \(room)")
    }

    func display(opening secret: LinkSecret) throws -> DisplayRow? {
        try first("SELECT id, room_id, created_at FROM room_display WHERE secret_hash = \(secret.hash)")
    }
}

extension Transaction {
    func insertDisplay(of room: Room.ID, _ secret: LinkSecret) throws {
        try execute("INSERT INTO room_display (room_id, secret_hash, created_at) VALUES (\(room), \(secret.hash), \(now))")
    }

    /// Ends a room's link, and has every node close what it has opened.
    ///
    /// - Returns: false where there was none.
    @discardableResult
    func endDisplay(of room: Room.ID) throws -> Bool {
        guard let display = try display(of: room) else { return false }
        try execute("DELETE FROM room_display WHERE id = \(display.id)")
        try emit(DisplayRevoked(displayID: display.id), to: SystemChannel.displays)
        return true
    }
}
