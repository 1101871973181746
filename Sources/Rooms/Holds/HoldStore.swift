import Booking
import Core
import Storage
import Wire

/// A hold with what only the booking core may know.
struct HoldRow: RowDecodable {
    /// How a hold can end.
    enum Ending: String, SQLConvertible {
        case confirmed
        case released
        case expired
    }

    let id: RoomHold.ID
    let roomID: Room.ID
    let userID: UserID
    /// Nil once the room is not held any more.
    let occupationID: Occupation.ID?
    let interval: Interval
    let expiresAt: Instant
    /// Nil until it is told.
    let ending: Ending?

    init(row: Row) throws {
        id = try row["id"]
        roomID = try row["room_id"]
        userID = try row["user_id"]
        occupationID = try row["occupation_id"]
        interval = Interval(start: try row["starts_at"], end: try row["ends_at"])
        expiresAt = try row["expires_at"]
        ending = try row["ending"]
    }

    /// Whether the room is kept at that instant.
    func stands(at now: Instant) -> Bool { ending == nil && occupationID != nil && expiresAt > now }

    var detail: RoomHoldDetail {
        RoomHoldDetail(
            id: id.rawValue, roomID: roomID.rawValue, startsAt: interval.start, endsAt: interval.end, expiresAt: expiresAt
        )
    }

    var hold: RoomHold {
        RoomHold(
            id: id, roomId: roomID, startTime: Timestamp(interval.start), endTime: Timestamp(interval.end), expiresAt: Timestamp(expiresAt)
        )
    }
}

extension Snapshot {
    /// Ended ones, too, for a day.
    func roomHold(_ id: RoomHold.ID) throws -> HoldRow? {
        try first("SELECT * FROM room_hold WHERE id = \(id)")
    }

    /// The first to end first.
    func standingRoomHolds(of user: UserID) throws -> [HoldRow] {
        try all(
            """
            SELECT * FROM room_hold WHERE user_id = \(user) AND expires_at > \(now) AND ending IS NULL AND occupation_id IS NOT NULL
            ORDER BY expires_at, id
            """
        )
    }
}

extension Transaction {
    /// Forgets, at this occasion, holds of the same person that ended more than a day ago.
    func insertRoomHold(
        _ interval: Interval, in room: Room.ID, for user: UserID, _ occupation: Occupation.ID, until expiresAt: Instant
    ) throws -> HoldRow {
        try execute(
            "DELETE FROM room_hold WHERE user_id = \(user) AND expires_at < \(now.advanced(bySeconds: -86_400)) AND ending IS NOT NULL"
        )
        let id = try insert(
            """
            INSERT INTO room_hold (room_id, user_id, occupation_id, starts_at, ends_at, expires_at, created_at)
            VALUES (\(room), \(user), \(occupation), \(interval.start), \(interval.end), \(expiresAt), \(now))
            """
        )
        return try one("SELECT * FROM room_hold WHERE id = \(id)")
    }

    func markRoomHoldEnded(_ id: RoomHold.ID, _ ending: HoldRow.Ending) throws {
        try execute("UPDATE room_hold SET ending = \(ending), occupation_id = NULL WHERE id = \(id)")
    }
}
