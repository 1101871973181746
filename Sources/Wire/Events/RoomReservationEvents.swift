/// A reservation of a room as its owner and the staff see it.
public struct RoomReservationDetail: Codable, Hashable, Sendable {
    public let id: Int64
    public let roomID: Int64
    public let userID: Int64
    public let title: String
    public let description: String?
    /// Whether others see only that the room is taken.
    public let isPrivate: Bool
    public let startsAt: Instant
    public let endsAt: Instant
    public let createdAt: Instant
    public let updatedAt: Instant
    /// The series that it is a date of; absent where it stands alone.
    public let seriesID: Int64?
    /// Until when somebody has to check in; absent where nobody has to.
    public let checkInBy: Instant?
    public let checkedInAt: Instant?
    /// When the rest of its time was given back, because nobody came.
    public let releasedAt: Instant?

    public init(
        id: Int64, roomID: Int64, userID: Int64, title: String, description: String?, isPrivate: Bool, startsAt: Instant, endsAt: Instant,
        createdAt: Instant, updatedAt: Instant, seriesID: Int64? = nil, checkInBy: Instant? = nil, checkedInAt: Instant? = nil,
        releasedAt: Instant? = nil
    ) {
        self.id = id
        self.roomID = roomID
        self.userID = userID
        self.title = title
        self.description = description
        self.isPrivate = isPrivate
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.seriesID = seriesID
        self.checkInBy = checkInBy
        self.checkedInAt = checkedInAt
        self.releasedAt = releasedAt
    }

    enum CodingKeys: String, CodingKey {
        case id, title, description
        case roomID = "room_id"
        case userID = "user_id"
        case isPrivate = "is_private"
        case startsAt = "starts_at"
        case endsAt = "ends_at"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
        case seriesID = "series_id"
        case checkInBy = "check_in_by"
        case checkedInAt = "checked_in_at"
        case releasedAt = "released_at"
    }
}

/// A room has been reserved.
public struct RoomReservationCreated: Event, Hashable {
    public static let type = "room_reservation.created"
    public let reservation: RoomReservationDetail
    /// The owner's name, on channels for staff only.
    public let username: String?

    public init(reservation: RoomReservationDetail, username: String? = nil) {
        self.reservation = reservation
        self.username = username
    }
}

/// A reservation has moved, or says something else; `reservation` is the whole of it.
public struct RoomReservationChanged: Event, Hashable {
    public static let type = "room_reservation.changed"
    public let reservation: RoomReservationDetail
    /// The owner's name, on channels for staff only.
    public let username: String?
    /// The release of the time zone data that has moved a date of a series; absent where somebody has changed it.
    public let tzdata: String?

    public init(reservation: RoomReservationDetail, username: String? = nil, tzdata: String? = nil) {
        self.reservation = reservation
        self.username = username
        self.tzdata = tzdata
    }
}

/// The clocks of a zone have other rules now, and a date of a series can't follow them, because its room is taken then. It stays where it was,
/// which is `reservation`.
public struct RoomReservationNotMoved: Event, Hashable {
    public static let type = "room_reservation.not_moved"
    public let reservation: RoomReservationDetail
    /// What its wall time means now.
    public let meantStartsAt: Instant
    public let meantEndsAt: Instant
    /// The release of the time zone data that says so.
    public let tzdata: String

    public init(reservation: RoomReservationDetail, meantStartsAt: Instant, meantEndsAt: Instant, tzdata: String) {
        self.reservation = reservation
        self.meantStartsAt = meantStartsAt
        self.meantEndsAt = meantEndsAt
        self.tzdata = tzdata
    }

    enum CodingKeys: String, CodingKey {
        case reservation, tzdata
        case meantStartsAt = "meant_starts_at"
        case meantEndsAt = "meant_ends_at"
    }
}

/// A reservation no longer stands.
public struct RoomReservationCancelled: Event, Hashable {
    public static let type = "room_reservation.cancelled"
    public let id: Int64

    public init(id: Int64) { self.id = id }
}
