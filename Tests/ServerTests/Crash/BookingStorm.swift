import Client
import Gym
import ServerTesting
import Synchronization
import Wire

/// A list of bookings that many connections work off at once, until it is done or the server is gone.
final class BookingStorm: Sendable {
    /// One booking, under the same idempotency key however often it is tried.
    struct Attempt: Hashable, Sendable {
        let token: String
        let userID: Int64
        let timeSlotID: Int64
        let key: String
    }

    private struct State {
        var pending: [Attempt]
        var acknowledged: [Attempt: Int64] = [:]
        var refusals: [String] = []
        var unanswered = 0
        /// The strike falls: nobody begins anything new, but what is under way is hit by it.
        var isStriking = false
    }

    private let state: Mutex<State>

    /// - Parameter attempts: the first is taken first.
    init(_ attempts: [Attempt]) {
        state = Mutex(State(pending: attempts.reversed()))
    }

    /// What the server has confirmed: the reservation's id for each.
    var acknowledged: [Attempt: Int64] { state.withLock(\.acknowledged) }

    /// Answers other than a confirmation.
    var refusals: [String] { state.withLock(\.refusals) }

    /// Requests that the server had no time to answer; each is the first to be tried again.
    var unanswered: Int { state.withLock(\.unanswered) }

    /// Books over so many connections.
    ///
    /// - Parameters:
    ///   - count: after so many confirmations in this run `strike` is called.
    ///   - isCalmForStrike: whether nobody begins anything new then, and only what is under way is hit.
    func rage(
        on rest: RESTClient, connections: Int, until count: Int = .max, isCalmForStrike: Bool = true,
        strike: @escaping @Sendable () async -> Void = {}
    ) async {
        let goal = state.withLock { state in
            state.isStriking = false
            return state.acknowledged.count + min(count, 1 << 30)
        }
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<connections {
                group.addTask {
                    while let attempt = self.next() {
                        guard let total = await self.book(attempt, on: rest) else { return false }
                        guard total == goal else { continue }
                        self.state.withLock { $0.isStriking = isCalmForStrike }
                        await strike()
                        guard isCalmForStrike else { return true }
                    }
                    return false
                }
            }
            // Whoever went on all the while would only wait for a server that is gone.
            for await hasStruck in group where hasStruck { group.cancelAll() }
        }
    }

    private func next() -> Attempt? {
        state.withLock { $0.isStriking ? nil : $0.pending.popLast() }
    }

    /// - Returns: how many are confirmed with this one; nil where there was no answer.
    private func book(_ attempt: Attempt, on rest: RESTClient) async -> Int? {
        do {
            let response = try await rest.with(token: attempt.token).post(
                "/api/v1/reservations", body: ["time_slot_id": attempt.timeSlotID], headers: [("Idempotency-Key", attempt.key)]
            )
            guard response.status == 201, let reservation = try? response.decode(Reservation.self) else {
                return state.withLock { state in
                    state.refusals.append(response.text)
                    return state.acknowledged.count
                }
            }
            return state.withLock { state in
                state.acknowledged[attempt] = reservation.id.rawValue
                return state.acknowledged.count
            }
        } catch {
            state.withLock { state in
                state.pending.append(attempt)
                state.unanswered += 1
            }
            return nil
        }
    }
}
