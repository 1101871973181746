import Core
import Storage
import Wire

/// Whose calendar an address opens.
enum FeedSubject {
    case room(Room.ID)
    case person(UserID)

    /// On a table of reservations or calendars.
    var condition: SQL {
        switch self {
        case .room(let id): "room_id = \(id)"
        case .person(let id): "user_id = \(id)"
        }
    }

    var name: String {
        switch self {
        case .room(let id): "room:\(id)"
        case .person(let id): "user:\(id)"
        }
    }
}

/// The address of a calendar, as far as it is known.
struct FeedRow: RowDecodable {
    let subject: FeedSubject
    let createdAt: Instant

    init(row: Row) throws {
        let room: Room.ID? = try row["room_id"]
        subject = try room.map { .room($0) } ?? .person(row["user_id"])
        createdAt = try row["created_at"]
    }
}

/// A series with the last change of it or any of its dates, cancellations included.
struct FeedSeries: RowDecodable {
    let series: RoomSeries
    let changedAt: Instant

    var id: RoomSeries.ID { series.id }

    init(row: Row) throws {
        series = try SeriesRow(row: row).series
        let dateChangedAt: Instant? = try row["date_changed_at"]
        changedAt = max(series.updatedAt.instant, dateChangedAt ?? series.updatedAt.instant)
    }
}

extension Snapshot {
    func feed(of subject: FeedSubject) throws -> FeedRow? {
        try first("SELECT room_id, user_id, created_at FROM calendar_feed WHERE \(subject.condition)")
    }

    func feed(opening secret: LinkSecret) throws -> FeedRow? {
        try first("SELECT room_id, user_id, created_at FROM calendar_feed WHERE secret_hash = \(secret.hash)")
    }

    /// When anything last changed in a room's or person's reservations, cancellations included; nil where there was none.
    func lastReservationChange(of subject: FeedSubject) throws -> Instant? {
        try value("SELECT MAX(updated_at) FROM room_reservation WHERE \(subject.condition)")
    }

    /// Cancelled ones, too, in order of id.
    func feedSeries(_ ids: Set<RoomSeries.ID>) throws -> [FeedSeries] {
        try all(
            """
            SELECT s.*, (SELECT MAX(v.updated_at) FROM room_reservation v WHERE v.series_id = s.id) AS date_changed_at
            FROM room_series s WHERE s.id IN \(list: ids.sorted()) ORDER BY s.id
            """
        )
    }
}

extension Transaction {
    func insertFeed(of subject: FeedSubject, _ secret: LinkSecret) throws {
        let (room, user): (Room.ID?, UserID?) =
            switch subject {
            case .room(let id): (id, nil)
            case .person(let id): (nil, id)
            }
        try execute(
            "INSERT INTO calendar_feed (room_id, user_id, secret_hash, created_at) VALUES (\(room), \(user), \(secret.hash), \(now))"
        )
    }

    @discardableResult
    func deleteFeed(of subject: FeedSubject) throws -> Bool {
        try execute("DELETE FROM calendar_feed WHERE \(subject.condition)") > 0
    }
}
