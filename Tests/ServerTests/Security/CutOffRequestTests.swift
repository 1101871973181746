import Client
import Gym
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(5))) struct CutOffRequestTests {
    @Test func `a request that is cut off at any byte books nothing`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let slot = try await server.slot(capacity: 1)
            let calendar = try await ana.watch(VenueCalendar(venue: slot.venueID.rawValue))
            let top = try await calendar.top()
            let request = Array(RawExchange.post("/api/v1/reservations", token: ana.token, body: #"{"time_slot_id":\#(slot.id)}"#).utf8)
            for count in 0..<request.count {
                let statuses = RawExchange.statuses(in: try await RawExchange.answer(to: Array(request.prefix(count)), port: server.port))
                #expect(statuses.allSatisfy { (400..<500).contains($0) }, "after \(count) bytes: \(statuses)")
            }

            #expect(try await ana.reservationCount() == 0)
            #expect(try await calendar.isQuiet(at: top))
            #expect(RawExchange.statuses(in: try await RawExchange.answer(to: request, port: server.port)) == [201])
            #expect(try await calendar.next(OccupancyChanged.self).unitsFree == 0)
        }
    }

    @Test func `a client that is gone before the answer has booked wholly or not at all`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let time = ManualTime()

        let venue = try await TestServer.run(in: directory, time: time) { server in
            let ana = try await server.member("ana")
            let venue = try await server.venue()
            for day in 2...31 {
                let slot = try await server.slot(SlotSketch(date: "2026-07-\(day < 10 ? "0" : "")\(day)"), at: venue)
                let request = Array(RawExchange.post("/api/v1/reservations", token: ana.token, body: #"{"time_slot_id":\#(slot.id)}"#).utf8)
                try await Self.abort(request, stage: day % 5, port: server.port)
                try await ana.expectWholeReservations()
                try await ana.expectHonestCalendar(venue.id)
            }
            return venue.id
        }

        // The end of the first server has waited for whatever was still under way.
        try await TestServer.run(in: directory, time: time) { server in
            let ana = try await server.signIn("ana")
            try await ana.expectWholeReservations()
            try await ana.expectHonestCalendar(venue)
            // Of the requests that were sent whole, those that ended with a FIN have arrived for certain.
            #expect(try await ana.reservationCount() >= 6)
        }
    }

    /// Goes away: at once by RST, in the middle, at the last byte, after the whole request, or politely without listening.
    private static func abort(_ request: [UInt8], stage: Int, port: Int) async throws {
        let socket = try await RawSocket.connect(port: port)
        switch stage {
        case 0:
            try await socket.write(request)
            await socket.cut()
        case 1:
            try await socket.write(Array(request.prefix(request.count / 2)))
            await socket.cut()
        case 2:
            try await socket.write(Array(request.dropLast()))
            try await socket.write(Array(request.suffix(1)))
            await socket.cut()
        case 3:
            try await socket.write(Array(request.dropLast()))
            await socket.close()
        default:
            try await socket.write(request)
            try await socket.closeWriting()
            _ = try await socket.readToEnd()
            await socket.close()
        }
    }
}

/// The caller's reservations with their place in his stream, read in one snapshot.
private struct ReservationShelf: Decodable {
    let items: [ReservationDetail]
    let stream: Wire.Stream
}

extension TestUser {
    /// How many reservations of the user there are, cancelled ones too.
    func reservationCount() async throws -> Int { try await reservationShelf().items.count }

    /// Every reservation has its event and every event its reservation, at whatever moment one looks.
    func expectWholeReservations() async throws {
        let own = try await reservationShelf()
        let connection = try await connect()
        let history = try await connection.history(own.stream.channel, limit: 300)
        await connection.close()

        var told: Set<Int64> = []
        var cancelled: Set<Int64> = []
        for publication in history.publications where publication.offset <= own.stream.offset {
            switch try publication.head().type {
            case ReservationCreated.type: told.insert(try publication.event(ReservationCreated.self).data.reservation.id)
            case ReservationCancelled.type: cancelled.insert(try publication.event(ReservationCancelled.self).data.reservation.id)
            case let type: Issue.record("unexpected \(type)")
            }
        }
        #expect(told == Set(own.items.map(\.id)))
        #expect(cancelled == Set(own.items.filter { $0.status == "cancelled" }.map(\.id)))
    }

    /// The room that the calendar shows as taken is the room that the user has, who is alone at the venue.
    func expectHonestCalendar(_ venue: Venue.ID) async throws {
        let before = try await standingReservations()
        let calendar = try await calendar(venue)
        let after = try await standingReservations()

        let taken = Set(calendar.slots.filter { $0.unitsFree < $0.capacity }.map(\.id))
        // A request may be under way still; what it does lies between the two looks.
        #expect(before.isSubset(of: taken) && taken.isSubset(of: after))
        #expect(calendar.slots.allSatisfy { $0.capacity - $0.unitsFree <= 1 })
    }

    private func reservationShelf() async throws -> ReservationShelf {
        try await rest.get("/api/v1/reservations?limit=100").success().decode()
    }

    private func standingReservations() async throws -> Set<Int64> {
        let own = try await reservationShelf()
        return Set(own.items.filter { $0.status == "confirmed" }.map(\.timeSlotID))
    }
}
