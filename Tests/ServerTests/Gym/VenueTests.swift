import Client
import Gym
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(5))) struct VenueTests {
    @Test func `a venue keeps every field that it was made with`() async throws {
        try await TestServer.run { server in
            let rest = server.admin.rest
            let center = try await rest.post("/api/v1/sport-venues", body: ["name": "Centre"]).success().decode(SportVenue.self)
            let whole = try await server.venue()
            let body = """
                {"name": "Court 1a", "location": "Hall 3", "capacity": 4, "status": "maintenance", "notice": "Bring\\nwater", "exclusive": true,
                 "sport_venue_id": \(center.id), "parent_id": \(whole.id), "time_zone": "Europe/Berlin",
                 "opening_hours": [{"weekday": 6, "open": "09:00", "close": "18:30"}, {"weekday": 7, "open": "09:00", "close": "12:00"}]}
                """
            let made = try await rest.post("/api/v1/venues", body: RawJSON(body)).success().decode(Venue.self)
            #expect(made.name == "Court 1a")
            #expect(made.location == "Hall 3")
            #expect(made.capacity == 4)
            #expect(made.status == .maintenance)
            #expect(made.notice == "Bring\nwater")
            #expect(made.exclusive)
            #expect(made.sportVenueID == center.id)
            #expect(made.parentID == whole.id)
            #expect(made.timeZone == "Europe/Berlin")
            #expect(made.openingHours.ranges.map { "\($0.weekday) \($0.open) \($0.close)" } == ["6 09:00 18:30", "7 09:00 12:00"])
            #expect(made.createdAt == server.time.now)
            #expect(try await server.rest.get("/api/v1/venues/\(made.id)").success().decode(Venue.self) == made)
        }
    }

    @Test func `a name and a capacity are enough for a venue`() async throws {
        try await TestServer.run { server in
            let body = RawJSON(#"{"name": "Gym", "capacity": 1}"#)
            let venue = try await server.admin.rest.post("/api/v1/venues", body: body).success().decode(Venue.self)
            #expect(venue.status == .open)
            #expect(venue.timeZone == "Asia/Shanghai")
            #expect(!venue.exclusive)
            #expect(venue.location.isEmpty && venue.notice.isEmpty && venue.openingHours.ranges.isEmpty)
            #expect(venue.parentID == nil && venue.sportVenueID == nil)
        }
    }

    @Test func `a part has its whole's time zone unless it names one`() async throws {
        try await TestServer.run { server in
            let rest = server.admin.rest
            let body = RawJSON(#"{"name": "Hall", "capacity": 1, "time_zone": "America/New_York"}"#)
            let whole = try await rest.post("/api/v1/venues", body: body).success().decode(Venue.self)
            #expect(try await server.venue(VenueSketch(parent: whole)).timeZone == "America/New_York")
        }
    }

    @Test func `a change of status touches nothing else`() async throws {
        try await TestServer.run { server in
            let venue = try await server.venue()
            let fields = ["name", "location", "capacity", "notice", "exclusive", "time_zone", "opening_hours", "created_at", "id"]
            let before = try await server.rest.get("/api/v1/venues/\(venue.id)").success().decode([String: RawJSON].self)
            server.time.advance(bySeconds: 7)
            // Only the status counts, whatever else is sent along.
            let body = RawJSON(#"{"status": "closed", "name": "Other", "capacity": 1, "notice": ""}"#)
            let answer = try await server.admin.rest.patch("/api/v1/venues/\(venue.id)/status", body: body).success()
            let after = try await server.rest.get("/api/v1/venues/\(venue.id)").success()
            #expect(answer.text == after.text)
            for field in fields { #expect(try after.decode([String: RawJSON].self)[field] == before[field], "\(field)") }
            #expect(try after.decode(Venue.self).status == .closed)
            #expect(try after.decode(Venue.self).updatedAt == server.time.now)
        }
    }

    @Test func `an update merges: what it does not name stays`() async throws {
        try await TestServer.run { server in
            let venue = try await server.venue()
            let changes = [
                #"{"name": "New"}"#, #"{"location": "There"}"#, #"{"capacity": 9}"#, #"{"notice": ""}"#, #"{"status": "closed"}"#,
                #"{"opening_hours": [{"weekday": 1, "open": "08:00", "close": "09:00"}]}"#, "{}",
            ]
            var last = venue
            for change in changes { last = try await server.admin.change(venue, change).success().decode(Venue.self) }
            #expect(last.name == "New" && last.location == "There" && last.capacity == 9 && last.notice.isEmpty && last.status == .closed)
            #expect(last.openingHours.ranges.count == 1)
            #expect(
                try await server.admin.change(venue, #"{"opening_hours": []}"#).success().decode(Venue.self).openingHours.ranges.isEmpty)
        }
    }

    @Test func `a removed venue is gone from every list`() async throws {
        try await TestServer.run { server in
            let (gone, stays) = (try await server.venue(), try await server.venue())
            let slot = try await server.slot(at: gone)
            #expect(try await server.rest.get("/api/v1/venues").success().decode(Page<Venue>.self).items.count == 2)
            #expect(try await server.admin.rest.delete("/api/v1/venues/\(gone.id)").status == 204)

            for path in ["", "/calendar", "/operations", "/reservation-time-slots"] {
                #expect(try await server.admin.rest.get("/api/v1/venues/\(gone.id)\(path)").status == 404, "\(path)")
            }
            #expect(try await server.rest.get("/api/v1/venues").success().decode(Page<Venue>.self).items.map(\.id) == [stays.id])
            #expect(try await server.admin.rest.delete("/api/v1/venues/\(gone.id)").status == 404)
            #expect(try await server.admin.change(gone, #"{"status": "open"}"#).status == 404)
            #expect(try await server.admin.change(slot, #"{"end_time": "12:00"}"#).status == 404)
            #expect(try await server.member("ana").reserve(slot).status == 404)
        }
    }

    @Test func `a whole is not removed before its parts`() async throws {
        try await TestServer.run { server in
            let whole = try await server.venue()
            let half = try await server.venue(VenueSketch(parent: whole))
            let refusal = try await server.admin.rest.delete("/api/v1/venues/\(whole.id)")
            #expect(refusal.status == 409)
            #expect(refusal.problem?.code == "venue.has_parts")
            #expect(try await server.admin.rest.delete("/api/v1/venues/\(half.id)").status == 204)
            #expect(try await server.admin.rest.delete("/api/v1/venues/\(whole.id)").status == 204)
        }
    }

    @Test func `a whole is divided into five levels at most`() async throws {
        try await TestServer.run { server in
            var venue = try await server.venue()
            for _ in 2...5 { venue = try await server.venue(VenueSketch(parent: venue)) }
            let refusal = try await server.admin.rest.post("/api/v1/venues", body: VenueSketch(parent: venue))
            #expect(refusal.status == 422)
            #expect(refusal.problem?.code == "resource.too_deep")
        }
    }

    @Test func `watchers hear of a change of name, notice and status, and of a removal`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let venue = try await server.venue()
            let calendar = try await ana.watch(VenueCalendar(venue: venue.id.rawValue))
            let operations = try await server.admin.watch(VenueOperations(venue: venue.id.rawValue))
            try await server.admin.change(venue, #"{"name": "New", "notice": "Closed at noon", "status": "closed"}"#).success()
            let told = VenueChanged(venueID: venue.id.rawValue, name: "New", status: "closed", notice: "Closed at noon")
            #expect(try await calendar.next() == told)
            #expect(try await operations.next() == told)
            try await server.admin.rest.delete("/api/v1/venues/\(venue.id)").success()
            #expect(try await calendar.next() == VenueRemoved(venueID: venue.id.rawValue))
            #expect(try await operations.next() == VenueRemoved(venueID: venue.id.rawValue))
        }
    }
}
