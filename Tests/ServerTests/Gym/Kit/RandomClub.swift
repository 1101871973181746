import Client
import Gym
import SeededRandom
import ServerTesting
import Synchronization
import Testing
import Wire

/// A club whose members and administrators do random things at the same time. What each of them tries depends on the seed alone; what comes
/// of it depends on who is first.
final class RandomClub: Sendable {
    private struct State {
        var slots: [TimeSlot] = []
        var reservations: [(id: Reservation.ID, owner: Int)] = []
        var statuses: [Int: Int] = [:]
    }

    /// Everything an answer may be: done, gone meanwhile, in conflict, or against the rules. Nothing else may come.
    private static let answers: Set<Int> = [200, 201, 204, 404, 409, 422]

    let members: [TestUser]
    /// A whole, its halves, a quarter that is part of the first half, and a room for one party at a time.
    let venues: [Venue]
    private let admin: TestUser
    /// Room for everybody on a day, and at a venue, that nothing random touches.
    private let assembly: TimeSlot
    private let state: Mutex<State>

    init(on server: TestServer, members count: Int) async throws {
        admin = server.admin
        members = try await server.crowd(count)
        let whole = try await server.venue(VenueSketch(capacity: 6))
        let half = try await server.venue(VenueSketch(capacity: 3, parent: whole))
        let otherHalf = try await server.venue(VenueSketch(capacity: 3, parent: whole))
        let quarter = try await server.venue(VenueSketch(capacity: 2, parent: half))
        let room = try await server.venue(VenueSketch(capacity: 8, exclusive: true))
        venues = [whole, half, otherHalf, quarter, room]
        var slots: [TimeSlot] = []
        for venue in venues {
            for hour in [9, 11, 14, 16] {
                slots.append(try await server.slot(SlotSketch("\(padded(hour)):00", "\(hour + 2):00"), at: venue))
            }
        }
        state = Mutex(State(slots: slots))
        assembly = try await server.slot(
            SlotSketch(date: Self.quietDay, "10:00", "11:00"), at: server.venue(VenueSketch(capacity: count))
        )
    }

    private static let quietDay = "2026-07-05"

    /// One thing for every venue and every member that succeeds whatever the random operations came to, so that each has news. Once.
    func touchEverybody() async throws {
        for venue in venues {
            let slot = SlotSketch(date: Self.quietDay, "10:00", "11:00")
            try await admin.rest.post("/api/v1/venues/\(venue.id)/reservation-time-slots", body: slot).success()
        }
        for member in members { try await member.reserve(assembly).success() }
    }

    /// How often each status has come.
    var statuses: [Int: Int] { state.withLock(\.statuses) }

    /// Lets several clients act at the same time.
    ///
    /// - Parameter operations: of each client.
    func stir(clients: Int = 4, operations: Int, seed: UInt64) async throws {
        try await atOnce(clients: clients, seed: seed) { [self] dice in
            for _ in 0..<operations { try await act(&dice) }
        }
    }

    private func act(_ dice: inout SplitMix64) async throws {
        let answer =
            switch Int.random(in: 0..<100, using: &dice) {
            case 0..<48: try await reserve(&dice)
            case 48..<62: try await cancel(&dice)
            case 62..<74: try await moveSlot(&dice)
            case 74..<82: try await changeCapacity(&dice)
            case 82..<87: try await changeVenueCapacity(&dice)
            case 87..<92: try await changeStatus(&dice)
            case 92..<98: try await openSlot(&dice)
            default: try await removeSlot(&dice)
            }
        guard let answer, !answer.isCatchingUp else { return }
        state.withLock { $0.statuses[answer.status, default: 0] += 1 }
        #expect(Self.answers.contains(answer.status), "\(answer.text)")
    }

    private func reserve(_ dice: inout SplitMix64) async throws -> RESTResponse? {
        let owner = Int.random(in: members.indices, using: &dice)
        guard let slot = anySlot(&dice) else { return nil }
        let answer = try await members[owner].reserve(slot)
        if answer.status == 201 {
            let id = try answer.decode(Reservation.self).id
            state.withLock { $0.reservations.append((id, owner)) }
        }
        return answer
    }

    private func cancel(_ dice: inout SplitMix64) async throws -> RESTResponse? {
        let choice = UInt64.random(in: .min ... .max, using: &dice)
        let chosen = state.withLock { state in
            state.reservations.isEmpty ? nil : state.reservations[Int(choice % UInt64(state.reservations.count))]
        }
        guard let chosen else { return nil }
        return try await members[chosen.owner].rest.delete("/api/v1/reservations/\(chosen.id)")
    }

    private func moveSlot(_ dice: inout SplitMix64) async throws -> RESTResponse? {
        let times = times(&dice)
        guard let slot = anySlot(&dice) else { return nil }
        return try await admin.change(slot, "{\(times)}")
    }

    private func changeCapacity(_ dice: inout SplitMix64) async throws -> RESTResponse? {
        let capacity = Int.random(in: 1...4, using: &dice)
        guard let slot = anySlot(&dice) else { return nil }
        return try await admin.change(slot, #"{"capacity": \#(capacity)}"#)
    }

    private func changeVenueCapacity(_ dice: inout SplitMix64) async throws -> RESTResponse? {
        try await admin.change(anyVenue(&dice), #"{"capacity": \#(Int.random(in: 1...6, using: &dice))}"#)
    }

    private func changeStatus(_ dice: inout SplitMix64) async throws -> RESTResponse? {
        let status = ["open", "open", "open", "closed", "maintenance"].randomElement(using: &dice) ?? "open"
        return try await admin.setStatus(status, of: anyVenue(&dice))
    }

    private func openSlot(_ dice: inout SplitMix64) async throws -> RESTResponse? {
        let venue = anyVenue(&dice)
        let answer = try await admin.rest.post("/api/v1/venues/\(venue.id)/reservation-time-slots", body: RawJSON("{\(times(&dice))}"))
        if answer.status == 201 {
            let slot = try answer.decode(TimeSlot.self)
            state.withLock { $0.slots.append(slot) }
        }
        return answer
    }

    private func removeSlot(_ dice: inout SplitMix64) async throws -> RESTResponse? {
        guard let slot = anySlot(&dice) else { return nil }
        return try await admin.remove(slot)
    }

    private func times(_ dice: inout SplitMix64) -> String {
        let hour = Int.random(in: 8...18, using: &dice)
        let day = Int.random(in: 2...3, using: &dice)
        let end = hour + Int.random(in: 1...3, using: &dice)
        return #""date": "2026-07-0\#(day)", "start_time": "\#(padded(hour)):00", "end_time": "\#(padded(end)):00""#
    }

    private func anyVenue(_ dice: inout SplitMix64) -> Venue { venues[Int.random(in: venues.indices, using: &dice)] }

    private func anySlot(_ dice: inout SplitMix64) -> TimeSlot? {
        let choice = UInt64.random(in: .min ... .max, using: &dice)
        return state.withLock { state in state.slots.isEmpty ? nil : state.slots[Int(choice % UInt64(state.slots.count))] }
    }
}

extension RandomClub {
    /// Everything as the staff see it, to be judged. Nobody may act meanwhile.
    func oracle() async throws -> BookingOracle {
        var places: [BookingOracle.Place] = []
        for id in venues.map(\.id) {
            let venue = try await admin.rest.get("/api/v1/venues/\(id)").success().decode(Venue.self)
            let snapshot = try await admin.operations(id)
            places.append(
                BookingOracle.Place(
                    id: id.rawValue, parentID: venue.parentID?.rawValue, capacity: venue.exclusive ? 1 : venue.capacity,
                    isOpen: venue.status == .open, slots: snapshot.slots, reservations: snapshot.reservations.map(\.reservation)
                )
            )
        }
        return BookingOracle(places: places)
    }
}

private func padded(_ hour: Int) -> String { hour < 10 ? "0\(hour)" : "\(hour)" }
