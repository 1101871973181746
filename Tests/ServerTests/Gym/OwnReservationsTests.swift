import Client
import Gym
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(5))) struct OwnReservationsTests {
    @Test func `everybody lists the own reservations, newest first, with the stream's position`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let venue = try await server.venue()
            var made: [Int64] = []
            for hour in 10...12 {
                made.append(try await ana.reserved(server.slot(SlotSketch("\(hour):00", "\(hour):30"), at: venue)).id.rawValue)
            }
            let list = try await ana.ownReservations()
            #expect(list.items.map(\.id) == made.reversed())
            #expect(list.items.allSatisfy { $0.userID == ana.id })
            #expect(list.nextCursor == nil)
            #expect(list.stream.channel == "personal:#\(ana.id)")
            #expect(list.stream.offset == 3)
            #expect(try await ben.ownReservations().items.isEmpty)
            #expect(try await server.rest.get("/api/v1/reservations").status == 401)
        }
    }

    @Test func `the list is filtered by status, venue and time`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let (first, second) = (try await server.venue(), try await server.venue())
            // From two to three in the afternoon in Shanghai, which is from six to seven in UTC.
            let early = try await ana.reserved(server.slot(SlotSketch(date: "2026-07-02", "14:00", "15:00"), at: first)).id.rawValue
            let late = try await ana.reserved(server.slot(SlotSketch(date: "2026-07-04", "14:00", "15:00"), at: second)).id.rawValue
            let lost = try await ana.reserved(server.slot(SlotSketch(date: "2026-07-06", "14:00", "15:00"), at: first))
            try await ana.cancel(lost).success()
            func ids(_ query: String) async throws -> [Int64] { try await ana.ownReservations(query).items.map(\.id) }

            #expect(try await ids("status=confirmed") == [late, early])
            #expect(try await ids("status=cancelled") == [lost.id.rawValue])
            #expect(try await ids("venue_id=\(first.id)") == [lost.id.rawValue, early])
            #expect(try await ids("venue_id=\(first.id)&status=confirmed") == [early])
            #expect(try await ids("venue_id=999") == [])
            // Half-open: what ends at `from` and what starts at `to` stays out.
            #expect(try await ids("from=2026-07-02T06:59:59Z&status=confirmed") == [late, early])
            #expect(try await ids("from=2026-07-02T07:00:00Z&status=confirmed") == [late])
            #expect(try await ids("to=2026-07-04T06:00:00Z") == [early])
            #expect(try await ids("to=2026-07-04T14:00:01%2B08:00") == [late, early])
            #expect(try await ids("from=2026-07-03T00:00:00Z&to=2026-07-05T00:00:00Z") == [late])
        }
    }

    @Test func `filters that can't be read are malformed`() async throws {
        try await TestServer.run { server in
            for query in ["status=lost", "from=yesterday", "to=2026-07-04", "venue_id=x", "limit=0", "limit=101", "cursor=x"] {
                let refusal = try await server.admin.rest.get("/api/v1/reservations?\(query)")
                #expect(refusal.status == 400, "\(query)")
            }
        }
    }

    @Test func `pages lose and repeat nothing while new reservations come`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let venue = try await server.venue()
            var slots: [TimeSlot] = []
            for hour in 10...23 { slots.append(try await server.slot(SlotSketch("\(hour):00", "\(hour + 1):00"), at: venue)) }
            var standing: [Int64] = []
            for slot in slots.prefix(9) { standing.append(try await ana.reserved(slot).id.rawValue) }
            var fresh = slots.dropFirst(9)
            var seen: [Int64] = []
            var page = try await ana.ownReservations("limit=2")
            seen += page.items.map(\.id)
            while let cursor = page.nextCursor {
                if let slot = fresh.popFirst() { _ = try await ana.reserved(slot) }
                page = try await ana.ownReservations("limit=2&cursor=\(cursor)")
                seen += page.items.map(\.id)
            }
            #expect(seen == standing.reversed())
            #expect(try await ana.ownReservations("limit=100").items.count == 13)
        }
    }
}
