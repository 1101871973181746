import Core
import Wire

/// Takes a time slot for the caller, or (for administrators) for somebody else.
struct CreateReservation: Endpoint {
    static let operation = Operation(
        "gym.reservations.create", .post, "/api/v1/reservations", success: .created, access: .signedIn, summary: "Reserve a time slot"
    )
    typealias Response = Reservation

    var timeSlotID: TimeSlot.ID
    /// The caller where absent; somebody else only for administrators.
    var userID: UserID?

    enum CodingKeys: String, CodingKey {
        case timeSlotID = "time_slot_id"
        case userID = "user_id"
    }

    func validate(_ check: inout Validation) {
        check("time_slot_id", timeSlotID)
        check("user_id", userID)
    }
}

/// The same as ``CreateReservation`` at the address, and with the answer, of the employees' scenario.
struct BookTimeSlot: Endpoint {
    static let operation = Operation(
        "gym.bookings.create", .post, "/api/reservations", success: .created, access: .signedIn,
        summary: "Reserve a time slot (short answer)"
    )

    struct Response: Codable, Sendable {
        var success = true
        var message = "Reservation created successfully"
        let reservationID: Reservation.ID

        enum CodingKeys: String, CodingKey {
            case success, message
            case reservationID = "reservation_id"
        }
    }

    var timeSlotID: TimeSlot.ID
    /// The caller where absent; somebody else only for administrators.
    var userID: UserID?

    enum CodingKeys: String, CodingKey {
        case timeSlotID = "time_slot_id"
        case userID = "user_id"
    }

    func validate(_ check: inout Validation) {
        check("time_slot_id", timeSlotID)
        check("user_id", userID)
    }
}

/// Reads one reservation of the caller; administrators read anybody's.
struct ReadReservation: Endpoint {
    static let operation = Operation(
        "gym.reservations.read", .get, "/api/v1/reservations/{reservation_id}", access: .signedIn, summary: "Read a reservation",
        aliases: [.init(.get, "/api/reservations/{reservation_id}")]
    )
    typealias Response = ReservationDetail

    var id: Reservation.ID

    enum CodingKeys: String, CodingKey {
        case id = "reservation_id"
    }
}

/// Lists the caller's reservations, newest first, with the place in the personal stream at which they were read.
struct ListOwnReservations: Endpoint {
    static let operation = Operation(
        "gym.reservations.list-own", .get, "/api/v1/reservations", access: .signedIn, summary: "List one's own reservations"
    )

    struct Response: Codable, Sendable {
        let items: [ReservationDetail]
        let nextCursor: String?
        let stream: Stream

        enum CodingKeys: String, CodingKey {
            case items, stream
            case nextCursor = "next_cursor"
        }
    }

    var status: Reservation.Status?
    var venueID: Venue.ID?
    /// Only slots that end after this instant.
    var from: Instant?
    /// Only slots that start before this instant.
    var to: Instant?
    var cursor: Int64?
    var limit: Int?

    enum CodingKeys: String, CodingKey {
        case status, from, to, cursor, limit
        case venueID = "venue_id"
    }

    func validate(_ check: inout Validation) {
        check("venue_id", venueID)
        check("cursor", cursor, in: 0...Reservation.ID.rawValueMax)
        check("limit", limit, in: Page<ReservationDetail>.limitRange)
    }
}

/// Gives a slot back, until it starts.
struct CancelReservation: Endpoint {
    static let operation = Operation(
        "gym.reservations.cancel", .delete, "/api/v1/reservations/{reservation_id}", success: .noContent, access: .signedIn,
        summary: "Cancel a reservation", aliases: [.init(.delete, "/api/reservations/{reservation_id}")]
    )
    typealias Response = NoContent

    var id: Reservation.ID

    enum CodingKeys: String, CodingKey {
        case id = "reservation_id"
    }
}
