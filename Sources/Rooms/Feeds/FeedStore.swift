import Core
import Storage
import Wire

/// Whose calendar an address opens.
enum FeedSubject {
    case room(Room.ID)
    case person(UserID)

    fileprivate var condition: SQL {
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
