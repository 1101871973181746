import Client
import Gym
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(5))) struct SportVenueTests {
    private static let body = """
        {"name": "North Centre", "location": "Hill 1", "type": "Swimming", "description": "Two\\nlines",
         "opening_hours": [{"weekday": 1, "open": "08:00", "close": "24:00"}]}
        """

    @Test func `a sports centre keeps every field that it was made with`() async throws {
        try await TestServer.run { server in
            let answer = try await server.admin.rest.post("/api/v1/sport-venues", body: RawJSON(Self.body)).success()
            let made = try answer.decode(SportVenue.self)
            #expect(made.name == "North Centre")
            #expect(made.location == "Hill 1")
            #expect(made.type == "Swimming")
            #expect(made.description == "Two\nlines")
            #expect(made.openingHours.ranges.map { "\($0.weekday) \($0.open) \($0.close)" } == ["1 08:00 24:00"])
            #expect(try await server.rest.get("/api/v1/sport-venues/\(made.id)").success().decode(SportVenue.self) == made)
        }
    }

    @Test func `a change names what changes and leaves the rest`() async throws {
        try await TestServer.run { server in
            let rest = server.admin.rest
            let made = try await rest.post("/api/v1/sport-venues", body: RawJSON(Self.body)).success().decode(SportVenue.self)
            server.time.advance(bySeconds: 5)
            let changed = try await rest.put("/api/v1/sport-venues/\(made.id)", body: ["location": "Hill 2"]).success().decode(
                SportVenue.self)
            #expect(changed.location == "Hill 2")
            #expect(changed.name == made.name && changed.type == made.type && changed.description == made.description)
            #expect(changed.openingHours == made.openingHours && changed.createdAt == made.createdAt)
            #expect(changed.updatedAt == server.time.now)
        }
    }

    @Test func `a sports centre with venues is not removed`() async throws {
        try await TestServer.run { server in
            let rest = server.admin.rest
            let center = try await rest.post("/api/v1/sport-venues", body: RawJSON(Self.body)).success().decode(SportVenue.self)
            let body = #"{"name": "Pool", "capacity": 8, "sport_venue_id": \#(center.id)}"#
            let venue = try await rest.post("/api/v1/venues", body: RawJSON(body)).success().decode(Venue.self)
            #expect(venue.sportVenueID == center.id)

            let refusal = try await rest.delete("/api/v1/sport-venues/\(center.id)")
            #expect(refusal.status == 409)
            #expect(refusal.problem?.code == "sport_venue.in_use")
            try await rest.delete("/api/v1/venues/\(venue.id)").success()
            #expect(try await rest.delete("/api/v1/sport-venues/\(center.id)").status == 204)
            #expect(try await rest.get("/api/v1/sport-venues/\(center.id)").status == 404)
            #expect(try await rest.delete("/api/v1/sport-venues/\(center.id)").status == 404)
        }
    }

    @Test func `words find sports centres by type, place and name`() async throws {
        try await TestServer.run { server in
            for (name, location, type) in [("North", "Hill", "swimming"), ("South", "Dale", "Climbing"), ("100% fit", "Hill", "gym")] {
                try await server.admin.rest.post("/api/v1/sport-venues", body: ["name": name, "location": location, "type": type]).success()
            }
            func names(_ query: String) async throws -> [String] {
                try await server.rest.get("/api/v1/sport-venues?\(query)").success().decode(Page<SportVenue>.self).items.map(\.name)
            }
            #expect(try await names("type=SWIM") == ["North"])
            #expect(try await names("location=hill") == ["North", "100% fit"])
            #expect(try await names("location=hill&type=gym") == ["100% fit"])
            #expect(try await names("q=climb") == ["South"])
            #expect(try await names("q=100%25") == ["100% fit"])
            #expect(try await names("q=%25") == ["100% fit"])
            #expect(try await names("q=nothing") == [])
        }
    }

    @Test func `pages hold every sports centre once`() async throws {
        try await TestServer.run { server in
            for number in 1...5 { try await server.admin.rest.post("/api/v1/sport-venues", body: ["name": "Centre \(number)"]).success() }
            var names: [String] = []
            var sizes: [Int] = []
            var cursor: String? = "0"
            while let next = cursor {
                let page = try await server.rest.get("/api/v1/sport-venues?limit=2&cursor=\(next)").success().decode(Page<SportVenue>.self)
                names += page.items.map(\.name)
                sizes.append(page.items.count)
                cursor = page.nextCursor
            }
            #expect(names == (1...5).map { "Centre \($0)" })
            #expect(sizes == [2, 2, 1])
        }
    }
}
