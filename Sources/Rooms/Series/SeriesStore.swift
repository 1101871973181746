import Core
import Recurrence
import Storage
import Wire

/// A series with its version.
struct SeriesRow: RowDecodable {
    let series: RoomSeries
    let version: Int64

    var id: RoomSeries.ID { series.id }

    init(row: Row) throws {
        let rule: String = try row["rule"]
        series = RoomSeries(
            id: try row["id"], roomId: try row["room_id"], userId: try row["user_id"], title: try row["title"],
            description: try row["description"], isPrivate: try row["is_private"], startTime: try row["start_time"],
            durationMinutes: try row["duration_minutes"], timeZone: try row["time_zone"], rule: try RecurrenceRule(rule),
            createdAt: Timestamp(try row["created_at"]), updatedAt: Timestamp(try row["updated_at"])
        )
        version = try row["version"]
    }
}

/// What a series says, before it has a number.
struct SeriesDraft {
    var roomId: Room.ID
    var owner: UserID
    var title: String
    var description: String?
    var isPrivate: Bool
    var startTime: LocalDateTime
    var durationMinutes: Int
    var timeZone: String
    var rule: RecurrenceRule
}

extension Snapshot {
    /// Nil for a cancelled one, too.
    func roomSeries(_ id: RoomSeries.ID) throws -> SeriesRow? {
        try first("SELECT * FROM room_series WHERE id = \(id) AND cancelled_at IS NULL")
    }

    /// Cancelled ones, too.
    func roomSeries(_ ids: Set<Int64>) throws -> [RoomSeries.ID: SeriesRow] {
        let rows: [SeriesRow] = try all("SELECT * FROM room_series WHERE id IN \(list: ids.sorted())")
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
    }

    /// The room with the next number in which a series was ever made.
    func nextRoomWithSeries(after room: Room.ID?) throws -> Room.ID? {
        try value("SELECT room_id FROM room_series WHERE room_id > \(room?.rawValue ?? 0) ORDER BY room_id LIMIT 1")
    }

    /// In order of id.
    func roomSeries(of user: UserID, limit: Int, offset: Int) throws -> [SeriesRow] {
        try all(
            "SELECT * FROM room_series WHERE user_id = \(user) AND cancelled_at IS NULL ORDER BY id LIMIT \(limit) OFFSET \(offset)"
        )
    }
}

extension Transaction {
    func insertRoomSeries(_ draft: SeriesDraft) throws -> SeriesRow {
        let id = try insert(
            """
            INSERT INTO room_series (room_id, user_id, title, description, is_private, start_time, duration_minutes, time_zone, rule,
                version, created_at, updated_at)
            VALUES (\(draft.roomId), \(draft.owner), \(draft.title), \(draft.description), \(draft.isPrivate), \(draft.startTime),
                \(draft.durationMinutes), \(draft.timeZone), \(draft.rule.description), 1, \(now), \(now))
            """
        )
        return try one("SELECT * FROM room_series WHERE id = \(id)")
    }

    func updateRoomSeries(_ id: RoomSeries.ID, _ draft: SeriesDraft) throws -> SeriesRow {
        try execute(
            """
            UPDATE room_series SET title = \(draft.title), description = \(draft.description), is_private = \(draft.isPrivate),
                start_time = \(draft.startTime), duration_minutes = \(draft.durationMinutes), rule = \(draft.rule.description),
                version = version + 1, updated_at = \(now)
            WHERE id = \(id)
            """
        )
        return try one("SELECT * FROM room_series WHERE id = \(id)")
    }

    func markRoomSeriesCancelled(_ id: RoomSeries.ID) throws {
        try execute("UPDATE room_series SET cancelled_at = \(now), version = version + 1, updated_at = \(now) WHERE id = \(id)")
    }
}
