import Wire

/// What became of one attempt to book.
struct RushBooking: Sendable {
    enum Outcome: Sendable {
        case accepted(reservation: Int64)
        /// What the server answered: `booking.no_room`.
        case refused(String)
        /// There was no answer in all the time there was; what the last attempt met.
        case unanswered(String)
    }

    let attempt: RushPlan.Attempt
    let outcome: Outcome
    let answeredAt: Instant
    /// Requests until there was an answer; the same idempotency key makes one booking of them.
    let requests: Int

    var isAccepted: Bool { if case .accepted = outcome { true } else { false } }
}
