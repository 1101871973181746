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
    /// What the rule of its series says; nil where it stands alone.
    let local: LocalDateTime?
    /// Whether it was changed by itself, and so stays as it is when its series changes.
    let isException: Bool

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
            endsAt: try row["ends_at"], createdAt: try row["created_at"], updatedAt: try row["updated_at"],
            seriesID: try row["series_id"], checkInBy: try row["check_in_by"], checkedInAt: try row["checked_in_at"],
            releasedAt: try row["released_at"]
        )
        username = try row["username"]
        version = try row["version"]
        occupationID = try row["occupation_id"]
        local = try row["series_date"]
        isException = try row["is_exception"]
    }
}

private let selection: SQL = """
    SELECT v.id, v.room_id, v.user_id, v.occupation_id, v.title, v.description, v.is_private, v.starts_at, v.ends_at, v.version,
        v.created_at, v.updated_at, v.series_id, v.series_date, v.is_exception, v.check_in_by, v.checked_in_at, v.released_at, a.username
    FROM room_reservation v JOIN account a ON a.id = v.user_id
    """

extension Snapshot {
    /// Nil for a cancelled one, too.
    func roomReservation(_ id: RoomReservation.ID) throws -> ReservationRow? {
        try first("\(selection) WHERE v.id = \(id) AND v.status <> 'cancelled'")
    }

    /// Without those that are cancelled.
    func roomReservations(_ ids: [RoomReservation.ID]) throws -> [RoomReservation.ID: ReservationRow] {
        let rows: [ReservationRow] = try all("\(selection) WHERE v.id IN \(list: ids) AND v.status <> 'cancelled'")
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
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
    func roomReservations(in room: Room.ID, overlapping interval: Interval, limit: Int? = nil) throws -> [ReservationRow] {
        try all(
            """
            \(selection)
            WHERE v.room_id = \(room) AND v.status = 'confirmed' AND v.starts_at < \(interval.end) AND v.ends_at > \(interval.start)
            ORDER BY v.starts_at, v.id \(limit.map { "LIMIT \($0)" as SQL } ?? "")
            """
        )
    }

    /// Those that were cancelled after an instant and would not be over yet, in order of time.
    func cancelledRoomReservations(
        of subject: FeedSubject, since instant: Instant, before end: Instant, limit: Int
    ) throws -> [ReservationRow] {
        try all(
            """
            \(selection)
            WHERE \(subject.condition) AND v.status = 'cancelled' AND v.updated_at > \(instant) AND v.ends_at > \(now)
                AND v.starts_at < \(end)
            ORDER BY v.starts_at, v.id LIMIT \(limit)
            """
        )
    }

    /// Those of a series that stand, in the order of its dates.
    func roomReservations(inSeries series: RoomSeries.ID) throws -> [ReservationRow] {
        try all("\(selection) WHERE v.series_id = \(series) AND v.status = 'confirmed' ORDER BY v.series_date, v.id")
    }

    /// Those dates of series that have not begun and have no time of their own, by their beginning.
    ///
    /// - Parameter last: where the part before ended.
    func comingSeriesDates(in room: Room.ID, after last: SeriesDatePlace?, isAscending: Bool, limit: Int) throws -> [ReservationRow] {
        let place: SQL = "v.starts_at, v.id"
        let (order, direction): (SQL, SQL) = isAscending ? (">", "ASC") : ("<", "DESC")
        let isNext: SQL = last.map { "(\(place)) \(order) (\($0.startsAt), \($0.reservationID))" } ?? "1 = 1"
        return try all(
            """
            \(selection)
            WHERE v.room_id = \(room) AND v.status = 'confirmed' AND v.starts_at > \(now) AND v.series_id IS NOT NULL
                AND v.has_own_time = \(false) AND \(isNext)
            ORDER BY v.starts_at \(direction), v.id \(direction) LIMIT \(limit)
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
    func insertRoomReservation(
        _ draft: ReservationDraft, in room: Room.ID, occupying occupation: Occupation.ID, checkInBy deadline: Instant?
    ) throws -> ReservationRow {
        let id = try insert(
            """
            INSERT INTO room_reservation (room_id, user_id, occupation_id, title, description, is_private, starts_at, ends_at, status,
                version, created_at, updated_at, series_id, series_date, check_in_by)
            VALUES (\(room), \(draft.owner), \(occupation), \(draft.title), \(draft.description), \(draft.isPrivate),
                \(draft.interval.start), \(draft.interval.end), 'confirmed', 1, \(now), \(now), \(draft.date?.series),
                \(draft.date?.local), \(deadline))
            """
        )
        return try one("\(selection) WHERE v.id = \(id)")
    }

    /// A check-in is for one beginning: where that moves it does not count any more.
    func updateRoomReservation(
        _ before: ReservationRow, _ change: ReservationChange, checkInBy deadline: Instant?
    ) throws -> ReservationRow {
        let checkedInAt = change.interval.start == before.interval.start ? before.detail.checkedInAt : nil
        let releasedAt = change.interval == before.interval ? before.detail.releasedAt : nil
        try execute(
            """
            UPDATE room_reservation SET title = COALESCE(\(change.title), title),
                description = COALESCE(\(change.description), description), is_private = COALESCE(\(change.isPrivate), is_private),
                starts_at = \(change.interval.start), ends_at = \(change.interval.end), series_id = COALESCE(\(change.date?.series), series_id),
                series_date = COALESCE(\(change.date?.local), series_date), is_exception = COALESCE(\(change.isException), is_exception),
                has_own_time = COALESCE(\(change.hasOwnTime), has_own_time), check_in_by = \(deadline), checked_in_at = \(checkedInAt),
                released_at = \(releasedAt), version = version + 1, updated_at = \(now)
            WHERE id = \(before.id)
            """
        )
        return try one("\(selection) WHERE v.id = \(before.id)")
    }

    func markCheckedIn(_ id: RoomReservation.ID) throws -> ReservationRow {
        try execute("UPDATE room_reservation SET checked_in_at = \(now), version = version + 1, updated_at = \(now) WHERE id = \(id)")
        return try one("\(selection) WHERE v.id = \(id)")
    }

    /// Nobody has come: from now on the time is not the reservation's any more.
    func markReleased(_ id: RoomReservation.ID) throws -> ReservationRow {
        try execute(
            """
            UPDATE room_reservation SET ends_at = \(now), released_at = \(now), version = version + 1, updated_at = \(now) WHERE id = \(id)
            """
        )
        return try one("\(selection) WHERE v.id = \(id)")
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
            updatedAt: Timestamp(detail.updatedAt), isPrivate: detail.isPrivate ? true : nil,
            seriesId: detail.seriesID.map { RoomSeries.ID($0) }, checkInBy: detail.checkInBy.map { Timestamp($0) },
            checkedInAt: detail.checkedInAt.map { Timestamp($0) }, releasedAt: detail.releasedAt.map { Timestamp($0) }
        )
    }

    /// For everybody else: nothing that tells who or what for.
    var publicFields: ReservationFields {
        ReservationFields(
            id: id, title: label ?? ReservationFields.busy, description: nil, startTime: Timestamp(detail.startsAt),
            endTime: Timestamp(detail.endsAt), userId: nil, roomId: roomID, createdAt: Timestamp(detail.createdAt),
            updatedAt: Timestamp(detail.updatedAt), isPrivate: detail.isPrivate ? true : nil, seriesId: nil, checkInBy: nil,
            checkedInAt: nil, releasedAt: nil
        )
    }
}
