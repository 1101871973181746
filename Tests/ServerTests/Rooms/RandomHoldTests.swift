import Client
import Core
import Rooms
import SeededRandom
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(40))) struct RandomHoldTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `whatever happens, a hold can be confirmed until its end, and after it if the room is free, and nothing overlaps`(
        seed: UInt64
    ) async throws {
        try await TestServer.run {
            $0.jobs.lookSeconds = 1
        } _: { server in
            var life = try await HoldLife(on: server, seed: seed ^ TortureSize.seed)
            for step in 1...TortureSize.holdSteps {
                try await life.step()
                if step.isMultiple(of: 100) { try await life.compare() }
            }
            try await life.compare()
            #expect(life.confirmed > 0 && life.late > 0 && life.refused > 0)
        }
    }
}

/// Three people, one room and a clock; each step has to come to what the model says.
private struct HoldLife {
    private static let names = ["ana", "ben", "eva"]

    private let server: TestServer
    private let room: Room.ID
    private var people: [TestUser]
    private var model = HoldModel()
    private var dice: SplitMix64
    private(set) var confirmed = 0
    /// Confirmed after the end.
    private(set) var late = 0
    private(set) var refused = 0

    init(on server: TestServer, seed: UInt64) async throws {
        self.server = server
        room = try await server.room().id
        people = []
        for name in Self.names { people.append(try await server.member(name)) }
        dice = SplitMix64(seed: seed)
    }

    private var now: Instant { server.time.now }

    mutating func step() async throws {
        switch Int.random(in: 0..<13, using: &dice) {
        case 0..<4: try await hold()
        case 4: try await release()
        case 5..<7: try await confirm(ifStillFree: false)
        case 7..<9: try await confirm(ifStillFree: true)
        case 9..<11: try await cancel()
        default: server.time.advance(bySeconds: Int64.random(in: 1...40, using: &dice))
        }
    }

    private mutating func hold() async throws {
        let holder = Int.random(in: people.indices, using: &dice)
        let hour = Int.random(in: 10..<20, using: &dice)
        let seconds = Int64.random(in: 15...40, using: &dice)
        let (start, end) = ("2026-07-02T\(hour):00:00Z", "2026-07-02T\(hour + 1):30:00Z")
        let interval = Interval(start: try #require(Instant(rfc3339: start)), end: try #require(Instant(rfc3339: end)))
        let may = model.mayHold(interval, by: holder, at: now)
        let answer = try await people[holder].meet(
            "POST", "/holds", #"{"roomId":\#(room),"startTime":"\#(start)","endTime":"\#(end)","seconds":\#(seconds)}"#
        )
        try #require(answer.status == (may ? 201 : 409), "\(answer.text)")
        guard may else { return }
        let hold = try answer.payload(RoomHold.self)
        #expect(hold.expiresAt.instant == now.advanced(bySeconds: seconds))
        model.begin(
            HoldModel.Hold(id: hold.id.rawValue, holder: holder, interval: interval, expiresAt: hold.expiresAt.instant), at: now)
    }

    private mutating func release() async throws {
        guard let hold = model.holds.randomElement(using: &dice) else { return }
        let stands = hold.stands(at: now)
        let answer = try await people[hold.holder].meet("DELETE", "/holds/\(hold.id)")
        try #require(answer.status == (stands ? 204 : 409), "\(answer.text)")
        if stands { model.end(hold) }
    }

    private mutating func confirm(ifStillFree: Bool) async throws {
        guard let hold = model.holds.randomElement(using: &dice) else { return }
        let may = model.mayConfirm(hold, ifStillFree: ifStillFree, at: now)
        let answer = try await people[hold.holder].meet(
            "POST", "/holds/\(hold.id)/confirmation", #"{"title":"Held","ifStillFree":\#(ifStillFree)}"#
        )
        try #require(answer.status == (may ? 201 : 409), "\(answer.text)")
        guard may else {
            refused += 1
            return try #require(answer.refusal.code == "room_hold.expired")
        }
        confirmed += 1
        if !hold.stands(at: now) { late += 1 }
        model.confirm(hold, as: try answer.payload(ReservedRoom.self).id.rawValue)
    }

    /// So that the room does not fill up.
    private mutating func cancel() async throws {
        guard let reservation = model.reservations.randomElement(using: &dice) else { return }
        #expect(try await people[reservation.owner].meet("DELETE", "/reservations/\(reservation.id)").status == 204)
        model.cancel(reservation.id)
    }

    /// Also signs in anew: the clock moves on, and tokens do not last for ever.
    mutating func compare() async throws {
        for (index, name) in Self.names.enumerated() {
            people[index] = try await server.signIn(name)
            let own = try await people[index].meet("GET", "/holds").payload(OwnHolds.self).holds
            #expect(Set(own.map(\.id)) == Set(model.standing(of: index, at: now).map(\.id)))
        }
        let occupations = try await people[0].timeline(room, "span=week&date=2026-07-02").occupations
        let held = Self.names.indices.flatMap { model.standing(of: $0, at: now).map(\.interval) }
        let expected = (held + model.reservations.map(\.interval)).map(\.start).sorted()
        #expect(occupations.map(\.startsAt) == expected)
        for (earlier, later) in zip(occupations, occupations.dropFirst()) { #expect(earlier.endsAt <= later.startsAt) }
    }
}
