import Accounts
import Booking
import Core
import Storage
import Wire

/// A reservation with what only staff and the booking core may know.
struct ReservationRow: RowDecodable {
    let detail: RoomReservationDetail
    let username: String
    let version: Int64
    /// Nil where it is over and its room is gone.
    let occupationID: Occupation.ID?

    var id: RoomReservation.ID { RoomReservation.ID(detail.id) }
    var roomID: Room.ID { Room.ID(detail.roomID) }
    var userID: UserID { UserID(detail.userID) }
    var interval: Interval { Interval(start: detail.startsAt, end: detail.endsAt) }
    /// What the calendar shows to everybody.
    var label: String? { detail.isPrivate ? nil : detail.title }

    init(row: Row) throws {
        detail = RoomReservationDetail(
            id: try row["id"], roomID: try row["room_id"], userID: try row["user_id"], title: try row["title"],
            description: try row["description"], isPrivate: try row["is_private"], startsAt: try row["starts_at"],
            endsAt: try row["ends_at"], createdAt: try row["created_at"], updatedAt: try row["updated_at"]
        )
        username = try row["username"]
        version = try row["version"]
        occupationID = try row["occupation_id"]
    }
}

private let selection: SQL = """
    SELECT v.id, v.room_id, v.user_id, v.occupation_id, v.title, v.description, v.is_private, v.starts_at, v.ends_at, v.version,
        v.created_at, v.updated_at, a.username
    FROM room_reservation v JOIN account a ON a.id = v.user_id
    """

extension Snapshot {
    /// Nil for a cancelled one, too.
    func roomReservation(_ id: RoomReservation.ID) throws -> ReservationRow? {
        try first("\(selection) WHERE v.id = \(id) AND v.status <> 'cancelled'")
    }

    /// In order of id.
    func roomReservations(of user: UserID?, limit: Int, offset: Int) throws -> [ReservationRow] {
        try all(
            """
            \(selection) WHERE v.status <> 'cancelled' AND \(user.map { "v.user_id = \($0)" as SQL } ?? "1 = 1")
            ORDER BY v.id LIMIT \(limit) OFFSET \(offset)
            """
        )
    }

    /// Those that overlap an interval, in order of time.
    func roomReservations(of user: UserID, overlapping interval: Interval, limit: Int) throws -> [ReservationRow] {
        try all(
            """
            \(selection)
            WHERE v.user_id = \(user) AND v.status <> 'cancelled' AND v.starts_at < \(interval.end) AND v.ends_at > \(interval.start)
            ORDER BY v.starts_at, v.id LIMIT \(limit)
            """
        )
    }

    /// Those that stand in a room at some time of an interval, in order of time.
    func roomReservations(in room: Room.ID, overlapping interval: Interval) throws -> [ReservationRow] {
        try all(
            """
            \(selection)
            WHERE v.room_id = \(room) AND v.status = 'confirmed' AND v.starts_at < \(interval.end) AND v.ends_at > \(interval.start)
            ORDER BY v.starts_at, v.id
            """
        )
    }

    func comingRoomReservations(of user: UserID) throws -> [ReservationRow] {
        try all("\(selection) WHERE v.user_id = \(user) AND v.status = 'confirmed' AND v.ends_at > \(now) ORDER BY v.id")
    }

    func roomsReserved(by user: UserID) throws -> [Room.ID] {
        try all("SELECT DISTINCT room_id FROM room_reservation WHERE user_id = \(user) AND status = 'confirmed' ORDER BY room_id")
            .map { try $0["room_id"] }
    }

    /// With their rooms and owners.
    func detailed(_ rows: [ReservationRow]) throws -> [RoomReservation] {
        let rooms = try rooms(Set(rows.map(\.roomID)))
        let users = try users(Set(rows.map(\.userID)))
        return rows.compactMap { row in
            rooms[row.roomID].map {
                RoomReservation(fields: row.fields, room: $0, user: users[row.userID].map(Person.init), version: row.version)
            }
        }
    }
}

extension Transaction {
    /// The row behind a reservation; its room was taken in this same transaction.
    func insertRoomReservation(_ request: ReserveRoom, _ owner: UserID, occupying room: Occupation.ID) throws -> ReservationRow {
        let id = try insert(
            """
            INSERT INTO room_reservation (room_id, user_id, occupation_id, title, description, is_private, starts_at, ends_at, status,
                version, created_at, updated_at)
            VALUES (\(request.roomId), \(owner), \(room), \(request.title), \(request.description), \(request.isPrivate ?? false),
                \(request.startTime.instant), \(request.endTime.instant), 'confirmed', 1, \(now), \(now))
            """
        )
        return try one("\(selection) WHERE v.id = \(id)")
    }

    func updateRoomReservation(_ request: ChangeRoomReservation, _ interval: Interval) throws -> ReservationRow {
        try execute(
            """
            UPDATE room_reservation SET title = COALESCE(\(request.title), title),
                description = COALESCE(\(request.description), description), is_private = COALESCE(\(request.isPrivate), is_private),
                starts_at = \(interval.start), ends_at = \(interval.end), version = version + 1, updated_at = \(now)
            WHERE id = \(request.id)
            """
        )
        return try one("\(selection) WHERE v.id = \(request.id)")
    }

    func markRoomReservationCancelled(_ id: RoomReservation.ID) throws {
        try execute(
            """
            UPDATE room_reservation SET status = 'cancelled', occupation_id = NULL, version = version + 1, updated_at = \(now)
            WHERE id = \(id)
            """
        )
    }

    /// What is over in a room that is about to go.
    func completeReservations(in room: Room.ID) throws {
        try execute(
            "UPDATE room_reservation SET status = 'completed', occupation_id = NULL WHERE room_id = \(room) AND status = 'confirmed'"
        )
    }
}

extension ReservationRow {
    /// For its owner and administrators.
    var fields: ReservationFields {
        ReservationFields(
            id: id, title: detail.title, description: detail.description, startTime: Timestamp(detail.startsAt),
            endTime: Timestamp(detail.endsAt), userId: userID, roomId: roomID, createdAt: Timestamp(detail.createdAt),
            updatedAt: Timestamp(detail.updatedAt), isPrivate: detail.isPrivate ? true : nil
        )
    }

    /// For everybody else: nothing that tells who or what for.
    var publicFields: ReservationFields {
        ReservationFields(
            id: id, title: label ?? ReservationFields.busy, description: nil, startTime: Timestamp(detail.startsAt),
            endTime: Timestamp(detail.endsAt), userId: nil, roomId: roomID, createdAt: Timestamp(detail.createdAt),
            updatedAt: Timestamp(detail.updatedAt), isPrivate: detail.isPrivate ? true : nil
        )
    }
}
