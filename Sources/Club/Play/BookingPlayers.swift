import Client
import Synchronization
import Wire

/// Plays a club's bookings in their order from several clients at a time, each booking in its owner's name.
struct BookingPlayers: Sendable {
    let rest: RESTClient
    let club: OpenClub
    let clientCount: Int
    let times: DeliveryTimes
    let clock: PlayClock
    let progress: ClubPlay.Progress

    struct Outcome: Sendable {
        var accepted = 0
        /// By what the server answered: `409 booking.no_room`.
        var refused: [String: Int] = [:]
        var elapsed = Duration.zero
    }

    /// - Throws: where a request gets no answer at all.
    func play() async throws -> Outcome {
        let meter = ProgressMeter("bookings", of: club.bookings.count, progress)
        let start = ContinuousClock.now
        let refusals = try await concurrently(club.bookings.count, width: clientCount) { index in
            let refusal = try await book(club.bookings[index])
            await clock.advance()
            meter.advance()
            return refusal
        }
        var outcome = Outcome(elapsed: ContinuousClock.now - start)
        for refusal in refusals {
            if let refusal { outcome.refused[refusal, default: 0] += 1 } else { outcome.accepted += 1 }
        }
        return outcome
    }

    /// Why the booking was refused; nil where it was not.
    private func book(_ booking: OpenClub.Booking) async throws -> String? {
        let person = club.people[booking.person]
        let reservation = NewReservation(userID: person.id, timeSlotID: booking.slotID)
        let token = try await person.tokens.token()
        var answer = try await rest.with(token: token).reserve(reservation)
        if answer.status == 401 {
            answer = try await rest.with(token: person.tokens.token(after: token)).reserve(reservation)
        }
        if let problem = answer.problem { return "\(problem.status) \(problem.code ?? "without a code")" }
        times.committed(booking.slotID, at: .now)
        return nil
    }
}
