/// A room that is kept for somebody for a while, as its holder sees it.
public struct RoomHoldDetail: Codable, Hashable, Sendable {
    public let id: Int64
    public let roomID: Int64
    public let startsAt: Instant
    public let endsAt: Instant
    /// Until then the holder can have the room; from this instant on it is free.
    public let expiresAt: Instant

    public init(id: Int64, roomID: Int64, startsAt: Instant, endsAt: Instant, expiresAt: Instant) {
        self.id = id
        self.roomID = roomID
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.expiresAt = expiresAt
    }

    enum CodingKeys: String, CodingKey {
        case id
        case roomID = "room_id"
        case startsAt = "starts_at"
        case endsAt = "ends_at"
        case expiresAt = "expires_at"
    }
}

/// A room is kept for the holder from now on.
public struct RoomHoldCreated: Event, Hashable {
    public static let type = "room_hold.created"
    public let hold: RoomHoldDetail

    public init(hold: RoomHoldDetail) { self.hold = hold }
}

/// A hold is about to end.
public struct RoomHoldExpiring: Event, Hashable {
    public static let type = "room_hold.expiring"
    public let id: Int64
    public let expiresAt: Instant
    /// What is left when this is told, in whole seconds.
    public let secondsLeft: Int64

    public init(id: Int64, expiresAt: Instant, secondsLeft: Int64) {
        self.id = id
        self.expiresAt = expiresAt
        self.secondsLeft = secondsLeft
    }

    enum CodingKeys: String, CodingKey {
        case id
        case expiresAt = "expires_at"
        case secondsLeft = "seconds_left"
    }
}

/// A hold is over. One that has expired may be told of once more, where its holder has had the room all the same.
public struct RoomHoldEnded: Event, Hashable {
    public static let type = "room_hold.ended"
    public let id: Int64
    /// `confirmed`, `released` or `expired`.
    public let ending: String
    /// What it has become; absent unless it was confirmed.
    public let reservationID: Int64?

    public init(id: Int64, ending: String, reservationID: Int64? = nil) {
        self.id = id
        self.ending = ending
        self.reservationID = reservationID
    }

    enum CodingKeys: String, CodingKey {
        case id, ending
        case reservationID = "reservation_id"
    }
}
