import Client
import Gym
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(5))) struct VenueListTests {
    private static func names(_ query: String, on server: TestServer) async throws -> [String] {
        try await server.rest.get("/api/v1/venues?\(query)").success().decode(Page<Venue>.self).items.map(\.name)
    }

    private static func add(_ body: String, on server: TestServer) async throws {
        try await server.admin.rest.post("/api/v1/venues", body: RawJSON(body)).success()
    }

    @Test func `venues are found by status, sports centre, place and words`() async throws {
        try await TestServer.run { server in
            let center = try await server.admin.rest.post("/api/v1/sport-venues", body: ["name": "Centre"]).success().decode(
                SportVenue.self)
            try await Self.add(#"{"name": "Pool", "capacity": 9, "location": "East", "sport_venue_id": \#(center.id)}"#, on: server)
            try await Self.add(
                #"{"name": "Court", "capacity": 9, "location": "West", "status": "closed", "notice": "no pool"}"#, on: server)
            try await Self.add(#"{"name": "Röm_er", "capacity": 9, "location": "West"}"#, on: server)

            #expect(try await Self.names("", on: server) == ["Pool", "Court", "Röm_er"])
            #expect(try await Self.names("status=closed", on: server) == ["Court"])
            #expect(try await Self.names("status=open&location=west", on: server) == ["Röm_er"])
            #expect(try await Self.names("sport_venue_id=\(center.id)", on: server) == ["Pool"])
            #expect(try await Self.names("q=POOL", on: server) == ["Pool", "Court"])
            #expect(try await Self.names("q=_", on: server) == ["Röm_er"])
            #expect(try await Self.names("q='%20OR%201=1", on: server) == [])
        }
    }

    @Test func `a parameter that can't be read is malformed`() async throws {
        try await TestServer.run { server in
            for query in ["status=ajar", "limit=0", "limit=101", "limit=ten", "cursor=-1", "cursor=x", "sport_venue_id=0"] {
                let answer = try await server.rest.get("/api/v1/venues?\(query)")
                #expect(answer.status == 400, "\(query)")
                #expect(answer.pointers == ["/\(query.prefix { $0 != "=" })"], "\(query)")
            }
        }
    }

    @Test func `pages hold every venue once while others are added and removed`() async throws {
        try await TestServer.run { server in
            var venues: [Venue] = []
            for _ in 1...7 { venues.append(try await server.venue()) }
            var seen: [Venue.ID] = []
            var cursor = "0"
            repeat {
                let page = try await server.rest.get("/api/v1/venues?limit=3&cursor=\(cursor)").success().decode(Page<Venue>.self)
                seen += page.items.map(\.id)
                cursor = page.nextCursor ?? ""
                if seen.count == 3 {
                    // One that was read goes, one that was not goes, and one comes: nobody else may be missed or come twice.
                    for index in [0, 4] { try await server.admin.rest.delete("/api/v1/venues/\(venues[index].id)").success() }
                    venues.append(try await server.venue())
                }
            } while !cursor.isEmpty
            #expect(seen == [0, 1, 2, 3, 5, 6, 7].map { venues[$0].id })
        }
    }

    @Test func `the next reading after a change shows it, whoever else reads`() async throws {
        try await TestServer.run { server in
            let venue = try await server.venue()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 1...3 {
                    group.addTask {
                        for _ in 1...150 { try await server.rest.get("/api/v1/venues").success() }
                    }
                }
                group.addTask {
                    for round in 1...40 {
                        try await server.admin.change(venue, #"{"name": "Round \#(round)"}"#).success()
                        #expect(try await Self.names("", on: server) == ["Round \(round)"])
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `every kind of change of the catalogue shows at once`() async throws {
        try await TestServer.run { server in
            #expect(try await Self.names("", on: server) == [])
            let venue = try await server.venue()
            #expect(try await Self.names("", on: server) == ["Gym A"])
            #expect(try await Self.names("status=open", on: server) == ["Gym A"])
            try await server.admin.setStatus("closed", of: venue).success()
            #expect(try await Self.names("status=open", on: server) == [])
            #expect(try await Self.names("status=closed", on: server) == ["Gym A"])
            try await server.admin.rest.delete("/api/v1/venues/\(venue.id)").success()
            #expect(try await Self.names("status=closed", on: server) == [])
            #expect(try await Self.names("", on: server) == [])
        }
    }
}
