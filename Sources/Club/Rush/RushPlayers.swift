import Client
import Foundation
import NIOCore
import Wire

/// Attempts a plan's bookings at an even pace, each in its person's name, and each again until there is an answer.
struct RushPlayers: Sendable {
    private struct Created: Decodable {
        let id: Int64
    }

    /// How long a request waits: a node that is frozen keeps it, and the others could do it.
    private static let requestSeconds: Int64 = 20
    private static let pause = Duration.milliseconds(100)
    /// How long an attempt may take, all its requests together.
    private static let patience = Duration.seconds(120)

    let rest: RESTClient
    let plan: RushPlan
    let open: OpenRush
    let clientCount: Int
    let perSecond: Int
    let progress: ClubPlay.Progress

    /// - Throws: `CancellationError`.
    func play() async throws -> [RushBooking] {
        let meter = ProgressMeter("bookings", of: plan.attempts.count, progress)
        let start = ContinuousClock.now
        return try await concurrently(plan.attempts.count, width: clientCount) { index in
            try await ContinuousClock().sleep(until: start + .seconds(Double(index) / Double(perSecond)))
            let booking = try await book(plan.attempts[index], number: index)
            meter.advance()
            return booking
        }
    }

    private func book(_ attempt: RushPlan.Attempt, number: Int) async throws -> RushBooking {
        let deadline = ContinuousClock.now + Self.patience
        var requests = 0
        while true {
            requests += 1
            let outcome = await ask(attempt, number: number)
            if case .unanswered = outcome, ContinuousClock.now < deadline {
                try await ContinuousClock().sleep(for: Self.pause)
                continue
            }
            return RushBooking(attempt: attempt, outcome: outcome, answeredAt: Instant(Date()), requests: requests)
        }
    }

    private func ask(_ attempt: RushPlan.Attempt, number: Int) async -> RushBooking.Outcome {
        do {
            let person = open.people[attempt.person]
            let reservation = NewReservation(userID: person.id, timeSlotID: open.slotIDs[attempt.slot])
            let token = try await person.tokens.token()
            var answer = try await send(reservation, number, token)
            if answer.status == 401 { answer = try await send(reservation, number, person.tokens.token(after: token)) }
            switch answer.status {
            case 201: return .accepted(reservation: try answer.decode(Created.self).id)
            case 409: return .refused(answer.problem?.code ?? "without a code")
            default: return .unanswered("\(answer.status) \(answer.problem?.code ?? "without a code")")
            }
        } catch {
            return .unanswered("\(error)")
        }
    }

    private func send(_ reservation: NewReservation, _ number: Int, _ token: String) async throws -> RESTResponse {
        try await rest.with(token: token).send(
            "POST", "/api/v1/reservations", body: JSONByteEncoder().encode(reservation), headers: [("Idempotency-Key", "rush-\(number)")],
            timeLimit: .seconds(Self.requestSeconds)
        )
    }
}
