import Core
import Wire

/// A reservation as its creation answers it: six members, no more.
public struct ReservedRoom: Codable, Hashable, Sendable, Located, Versioned {
    public let id: RoomReservation.ID
    public let title: String
    public let startTime: Timestamp
    public let endTime: Timestamp
    public let roomId: Room.ID
    public let userId: UserID

    public var resourcePath: String { "/reservations/\(id)" }
    public var version: Int64? { 1 }
}

/// What all answers about a reservation tell. `description` is null where there is none; where a reader may not know them, `userId` is null
/// as well and the title of a private reservation is ``busy``.
struct ReservationFields: Codable, Hashable, Sendable {
    static let busy = "busy"

    let id: RoomReservation.ID
    let title: String
    let description: String?
    let startTime: Timestamp
    let endTime: Timestamp
    let userId: UserID?
    let roomId: Room.ID
    let createdAt: Timestamp
    let updatedAt: Timestamp
    /// Absent unless it is.
    let isPrivate: Bool?
    /// Absent where it stands alone.
    let seriesId: RoomSeries.ID?
    /// Until when somebody has to check in; absent where nobody has to.
    let checkInBy: Timestamp?
    let checkedInAt: Timestamp?
    /// When the rest of its time was given back, because nobody came.
    let releasedAt: Timestamp?

    /// Unlike a synthesised one it says null.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(title, forKey: .title)
        try container.encode(description, forKey: .description)
        try container.encode(startTime, forKey: .startTime)
        try container.encode(endTime, forKey: .endTime)
        try container.encode(userId, forKey: .userId)
        try container.encode(roomId, forKey: .roomId)
        try container.encode(createdAt, forKey: .createdAt)
        try container.encode(updatedAt, forKey: .updatedAt)
        try container.encodeIfPresent(isPrivate, forKey: .isPrivate)
        try container.encodeIfPresent(seriesId, forKey: .seriesId)
        try container.encodeIfPresent(checkInBy, forKey: .checkInBy)
        try container.encodeIfPresent(checkedInAt, forKey: .checkedInAt)
        try container.encodeIfPresent(releasedAt, forKey: .releasedAt)
    }
}

/// A reservation with its room and its owner; `user` is null for a reader who may not know.
public struct RoomReservation: Codable, Hashable, Sendable, Versioned {
    /// What clients know it by.
    public typealias ID = Identifier<RoomReservation>

    let fields: ReservationFields
    let room: Room
    let user: Person?
    /// Of the reservation, not of its room or owner; not a member of the JSON.
    public let version: Int64?

    init(fields: ReservationFields, room: Room, user: Person?, version: Int64?) {
        self.fields = fields
        self.room = room
        self.user = user
        self.version = version
    }

    private enum CodingKeys: String, CodingKey {
        case room, user
    }

    public init(from decoder: any Decoder) throws {
        fields = try ReservationFields(from: decoder)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        room = try container.decode(Room.self, forKey: .room)
        user = try container.decodeIfPresent(Person.self, forKey: .user)
        version = nil
    }

    public func encode(to encoder: any Encoder) throws {
        try fields.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(room, forKey: .room)
        try container.encode(user, forKey: .user)
    }
}

/// One's own reservation with its room; whose it is need not be said.
public struct OwnRoomReservation: Codable, Hashable, Sendable {
    let fields: ReservationFields
    let room: Room

    init(fields: ReservationFields, room: Room) {
        self.fields = fields
        self.room = room
    }

    private enum CodingKeys: String, CodingKey {
        case room
    }

    public init(from decoder: any Decoder) throws {
        fields = try ReservationFields(from: decoder)
        room = try decoder.container(keyedBy: CodingKeys.self).decode(Room.self, forKey: .room)
    }

    public func encode(to encoder: any Encoder) throws {
        try fields.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(room, forKey: .room)
    }
}

/// What can be wrong with a request about a reservation of a room.
enum RoomReservationError: String, DomainError {
    case notFound = "room_reservation.not_found"
    case isOver = "room_reservation.is_over"
    case tooEarly = "room_reservation.too_early"
    case released = "room_reservation.released"

    var kind: ErrorKind {
        switch self {
        case .notFound: .notFound
        case .isOver, .tooEarly, .released: .conflict
        }
    }

    var detail: String {
        switch self {
        case .notFound: "There is no such reservation."
        case .isOver: "The reservation is over and its room is gone."
        case .tooEarly: "It begins later: one can check in from \(CheckInDeadline.earliestMinutes) minutes before."
        case .released: "Nobody had checked in in time: the rest of the reservation was given back."
        }
    }
}
