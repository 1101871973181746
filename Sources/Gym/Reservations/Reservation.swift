import Core
import Storage
import Wire

/// A reservation as its creation answers it.
public struct Reservation: Codable, Hashable, Sendable, Located {
    /// What clients know it by.
    public typealias ID = Identifier<Reservation>

    /// A reservation stands while it is confirmed. It is completed when its place goes after its time is over.
    public enum Status: String, Codable, CaseIterable, SQLConvertible, Sendable {
        case confirmed
        case cancelled
        case completed
    }

    /// Whose doing a cancellation was.
    enum CancelReason: String, SQLConvertible, Sendable {
        case user
        case admin
        case venue
        case slot
        case account
    }

    public let id: ID
    public let userID: UserID
    public let timeSlotID: TimeSlot.ID
    public let status: Status
    public let createdAt: Instant
    public let updatedAt: Instant

    public var resourcePath: String { "/api/v1/reservations/\(id)" }

    enum CodingKeys: String, CodingKey {
        case id, status
        case userID = "user_id"
        case timeSlotID = "time_slot_id"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

/// What can be wrong with a request about a reservation.
enum ReservationError: String, DomainError {
    case notFound = "reservation.not_found"
    case userNotFound = "reservation.user_not_found"
    case slotNotFound = "reservation.slot_not_found"
    case slotHasStarted = "reservation.slot_has_started"
    case alreadyReserved = "reservation.already_reserved"
    case overlapsOwn = "reservation.overlaps_own"
    case alreadyCancelled = "reservation.already_cancelled"

    var kind: ErrorKind {
        switch self {
        case .notFound, .slotNotFound, .userNotFound: .notFound
        case .slotHasStarted, .alreadyReserved, .overlapsOwn, .alreadyCancelled: .conflict
        }
    }

    var detail: String {
        switch self {
        case .notFound: "There is no such reservation."
        case .userNotFound: "There is no such user."
        case .slotNotFound: "There is no such time slot."
        case .slotHasStarted: "The time slot has started."
        case .alreadyReserved: "This person has reserved this time slot already."
        case .overlapsOwn: "This person has another reservation at that time."
        case .alreadyCancelled: "The reservation is cancelled already."
        }
    }
}
