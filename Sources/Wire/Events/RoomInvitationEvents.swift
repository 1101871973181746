/// A reservation that somebody is invited to, as the invited person sees it.
public struct RoomInvitationDetail: Codable, Hashable, Sendable {
    public let reservation: RoomReservationDetail
    /// `pending`, `accepted` or `declined`.
    public let answer: String

    public init(reservation: RoomReservationDetail, answer: String) {
        self.reservation = reservation
        self.answer = answer
    }
}

/// Somebody is invited, or what he is invited to or has answered is another now; `invitation` is the whole of it.
public struct RoomInvitationChanged: Event, Hashable {
    public static let type = "room_invitation.changed"
    public let invitation: RoomInvitationDetail

    public init(invitation: RoomInvitationDetail) { self.invitation = invitation }
}

/// Somebody is not invited any more, or the reservation no longer stands.
public struct RoomInvitationWithdrawn: Event, Hashable {
    public static let type = "room_invitation.withdrawn"
    public let reservationID: Int64

    public init(reservationID: Int64) { self.reservationID = reservationID }

    enum CodingKeys: String, CodingKey {
        case reservationID = "reservation_id"
    }
}

/// An invited person has answered; told to the reservation's owner and the room's staff.
public struct RoomInvitationAnswered: Event, Hashable {
    public static let type = "room_invitation.answered"
    public let reservationID: Int64
    public let userID: Int64
    public let username: String
    /// `accepted` or `declined`.
    public let answer: String

    public init(reservationID: Int64, userID: Int64, username: String, answer: String) {
        self.reservationID = reservationID
        self.userID = userID
        self.username = username
        self.answer = answer
    }

    enum CodingKeys: String, CodingKey {
        case username, answer
        case reservationID = "reservation_id"
        case userID = "user_id"
    }
}
