import Client
import Core
import Gym
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(5))) struct CalendarTests {
    @Test func `a calendar shows the days that are asked for`() async throws {
        try await TestServer.run { server in
            let venue = try await server.venue()
            for date in ["2026-06-30", "2026-07-01", "2026-07-02", "2026-07-31", "2026-08-01"] {
                _ = try await server.slot(SlotSketch(date: date), at: venue)
            }
            func dates(_ query: String) async throws -> [String] {
                let path = "/api/v1/venues/\(venue.id)/calendar?\(query)"
                return try await server.rest.get(path).success().decode(VenueCalendarSnapshot.self).slots.map { "\($0.date)" }
            }
            #expect(try await dates("") == ["2026-07-01", "2026-07-02", "2026-07-31"])
            #expect(try await dates("date=2026-07-02") == ["2026-07-02"])
            #expect(try await dates("month=2026-07") == ["2026-07-01", "2026-07-02", "2026-07-31"])
            #expect(try await dates("start_date=2026-07-02&end_date=2026-07-31") == ["2026-07-02", "2026-07-31"])
            #expect(try await dates("end_date=2026-07-01") == ["2026-07-01"])
            #expect(try await dates("start_date=2026-07-31") == ["2026-07-31", "2026-08-01"])
        }
    }

    @Test func `days that can't be read are malformed`() async throws {
        try await TestServer.run { server in
            let venue = try await server.venue()
            for query in [
                "date=2026-02-30", "date=today", "month=2026-13", "month=2026-7", "start_date=2026-07-02&end_date=2026-07-01",
                "start_date=2026-01-01&end_date=2027-01-03",
            ] {
                #expect(try await server.rest.get("/api/v1/venues/\(venue.id)/calendar?\(query)").status == 400, "\(query)")
            }
        }
    }

    @Test func `a calendar tells where its stream stands and names nobody`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let slot = try await server.slot(capacity: 2)
            _ = try await ana.reserved(slot)
            let answer = try await server.rest.get("/api/v1/venues/\(slot.venueID)/calendar")
            let calendar = try answer.decode(VenueCalendarSnapshot.self)
            #expect(calendar.stream.channel == "calendar:venue:\(slot.venueID)")
            // The slot and the reservation.
            #expect(calendar.stream.offset == 2)
            #expect(!answer.text.contains("ana") && !answer.text.contains("user_id"))
        }
    }

    @Test func `operations are for administrators and the staff of the venue`() async throws {
        try await TestServer.run { server in
            let slot = try await server.slot(capacity: 2)
            let (ana, lea) = (try await server.member("ana"), try await server.member("lea", role: .leader))
            let staff = try await server.member("sam", role: .staff, places: ["venue:\(slot.venueID)"])
            let stranger = try await server.member("sue", role: .staff, places: ["venue:999"])
            let reservation = try await ana.reserved(slot)
            let path = "/api/v1/venues/\(slot.venueID)/operations"
            #expect(try await server.rest.get(path).status == 401)
            for user in [ana, lea, stranger] {
                #expect(try await user.rest.get(path).status == 403, "\(user.username)")
                await #expect(throws: ProtocolError.permissionDenied) {
                    _ = try await user.watch(VenueOperations(venue: slot.venueID.rawValue))
                }
            }
            for user in [staff, server.admin] {
                let operations = try await user.operations(slot.venueID)
                #expect(operations.reservations.map(\.username) == ["ana"])
                #expect(operations.reservations.map(\.reservation.id) == [reservation.id.rawValue])
                #expect(operations.stream.channel == "ops:venue:\(slot.venueID)")
                _ = try await user.watch(VenueOperations(venue: slot.venueID.rawValue))
            }
        }
    }

    @Test func `a conflict is a full slot, an own reservation, or a venue that is not open`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let venue = try await server.venue(VenueSketch(capacity: 2))
            let slot = try await server.slot(at: venue)
            func hasConflict(_ user: TestUser, _ start: String, _ end: String) async throws -> Bool {
                struct Answer: Decodable { let conflict: Bool }
                let answer = try await user.rest.post("/api/v1/venues/\(venue.id)/check-conflict", body: SlotSketch(start, end)).success()
                #expect(try answer.memberNames == ["conflict"])
                return try answer.decode(Answer.self).conflict
            }
            #expect(try await !hasConflict(ana, "10:00", "11:00"))
            _ = try await ana.reserved(slot)
            #expect(try await hasConflict(ana, "10:30", "11:30"))
            #expect(try await !hasConflict(ana, "11:00", "12:00"))
            #expect(try await !hasConflict(ben, "10:00", "11:00"))
            _ = try await server.member("cyd").reserved(slot)
            #expect(try await hasConflict(ben, "10:00", "11:00"))
            #expect(try await hasConflict(ben, "09:00", "10:01"))
            #expect(try await !hasConflict(ben, "09:00", "10:00"))
            try await server.admin.setStatus("closed", of: venue).success()
            #expect(try await hasConflict(ben, "15:00", "16:00"))
        }
    }

    @Test func `a conflict at a whole is seen in its parts`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let whole = try await server.venue()
            let half = try await server.venue(VenueSketch(parent: whole))
            _ = try await server.slot(at: half)
            _ = try await ana.reserved(server.slot(at: whole))
            let answer = try await ben.rest.post("/api/v1/venues/\(half.id)/check-conflict", body: SlotSketch())
            #expect(answer.text == #"{"conflict":true}"#)
        }
    }
}
