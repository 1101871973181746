/// A reservation as its owner and the staff see it.
public struct ReservationDetail: Codable, Hashable, Sendable {
    public let id: Int64
    public let userID: Int64
    public let timeSlotID: Int64
    public let venueID: Int64
    public let status: String
    /// Why it was cancelled: `user`, `admin`, `venue`, `slot` or `account`.
    public let cancelReason: String?
    public let date: LocalDate
    public let startTime: LocalTime
    public let endTime: LocalTime
    public let startsAt: Instant
    public let endsAt: Instant
    public let createdAt: Instant
    public let updatedAt: Instant

    public init(
        id: Int64, userID: Int64, timeSlotID: Int64, venueID: Int64, status: String, cancelReason: String?, date: LocalDate,
        startTime: LocalTime, endTime: LocalTime, startsAt: Instant, endsAt: Instant, createdAt: Instant, updatedAt: Instant
    ) {
        self.id = id
        self.userID = userID
        self.timeSlotID = timeSlotID
        self.venueID = venueID
        self.status = status
        self.cancelReason = cancelReason
        self.date = date
        self.startTime = startTime
        self.endTime = endTime
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    enum CodingKeys: String, CodingKey {
        case id, status, date
        case userID = "user_id"
        case timeSlotID = "time_slot_id"
        case venueID = "venue_id"
        case cancelReason = "cancel_reason"
        case startTime = "start_time"
        case endTime = "end_time"
        case startsAt = "starts_at"
        case endsAt = "ends_at"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

/// A reservation has been made.
public struct ReservationCreated: Event, Hashable {
    public static let type = "reservation.created"
    public let reservation: ReservationDetail
    /// The owner's name, on channels for staff only.
    public let username: String?

    public init(reservation: ReservationDetail, username: String? = nil) {
        self.reservation = reservation
        self.username = username
    }
}

/// A reservation's slot has moved.
public struct ReservationChanged: Event, Hashable {
    public static let type = "reservation.changed"
    public let reservation: ReservationDetail
    /// The owner's name, on channels for staff only.
    public let username: String?

    public init(reservation: ReservationDetail, username: String? = nil) {
        self.reservation = reservation
        self.username = username
    }
}

/// A reservation no longer stands; `reservation.cancelReason` says whose doing it was.
public struct ReservationCancelled: Event, Hashable {
    public static let type = "reservation.cancelled"
    public let reservation: ReservationDetail
    /// The owner's name, on channels for staff only.
    public let username: String?

    public init(reservation: ReservationDetail, username: String? = nil) {
        self.reservation = reservation
        self.username = username
    }
}

/// Somebody has another name from now on, in all reservations that stand at the venue. On channels for staff only.
public struct ReservationOwnerRenamed: Event, Hashable {
    public static let type = "reservation.owner_renamed"
    public let userID: Int64
    public let username: String

    public init(userID: Int64, username: String) {
        self.userID = userID
        self.username = username
    }

    enum CodingKeys: String, CodingKey {
        case username
        case userID = "user_id"
    }
}
