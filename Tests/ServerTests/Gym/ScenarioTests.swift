import Client
import Gym
import ServerTesting
import Testing
import Wire

/// The sample requests of the original documents, word for word, with the answers that they show.
@Suite(.timeLimit(.minutes(5))) struct ScenarioTests {
    @Test func `a reservation is answered with exactly six fields`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let slot = try await server.slot(capacity: 2)
            let body = #"{ "user_id": \#(ana.id), "time_slot_id": \#(slot.id) }"#
            let answer = try await ana.rest.post("/api/v1/reservations", body: RawJSON(body))

            #expect(answer.status == 201)
            #expect(try answer.memberNames == ["created_at", "id", "status", "time_slot_id", "updated_at", "user_id"])
            let reservation = try answer.decode(Reservation.self)
            #expect(reservation.userID.rawValue == ana.id)
            #expect(reservation.timeSlotID == slot.id)
            #expect(reservation.status == .confirmed)
            #expect(reservation.createdAt == server.time.now)
            #expect(reservation.updatedAt == server.time.now)
            #expect(answer.header("Location") == "/api/v1/reservations/\(reservation.id)")
        }
    }

    @Test func `the employees' address answers with success, message and id`() async throws {
        try await TestServer.run { server in
            struct Short: Decodable {
                let success: Bool
                let message: String
                let reservation_id: Int64
            }
            let ana = try await server.member("ana")
            let slot = try await server.slot(capacity: 2)
            let body = #"{ "user_id": \#(ana.id), "time_slot_id": \#(slot.id) }"#
            let answer = try await ana.rest.post("/api/reservations", body: RawJSON(body))

            #expect(answer.status == 201)
            #expect(try answer.memberNames == ["message", "reservation_id", "success"])
            let short = try answer.decode(Short.self)
            #expect(short.success)
            #expect(short.message == "Reservation created successfully")
            #expect(try await ana.reservation(Reservation.ID(short.reservation_id)).timeSlotID == slot.id.rawValue)
        }
    }

    @Test func `a venue where nothing stands has no conflict at any time`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let venue = try await server.venue()
            let sample = """
                {
                    "date": "2024-07-01",
                    "start_time": "09:00",
                    "end_time": "10:00"
                }
                """
            let answer = try await ana.rest.post("/api/v1/venues/\(venue.id)/check-conflict", body: RawJSON(sample))
            #expect(answer.status == 200)
            #expect(answer.text == #"{"conflict":false}"#)
        }
    }

    @Test func `an employee browses, books and cancels at the old addresses`() async throws {
        try await TestServer.run { server in
            struct Short: Decodable { let reservation_id: Int64 }
            let ana = try await server.member("ana")
            let slot = try await server.slot(capacity: 1)

            let venues = try await ana.rest.get("/api/venues?status=open").success().decode(Page<Venue>.self)
            #expect(venues.items.map(\.id) == [slot.venueID])
            #expect(try await ana.rest.get("/api/venues/\(slot.venueID)").success().decode(Venue.self) == venues.items.first)
            let path = "/api/venues/\(slot.venueID)/calendar?date=2026-07-02"
            #expect(try await ana.rest.get(path).success().decode(CalendarSnapshot.self).slots.map(\.unitsFree) == [1])

            let booked = try await ana.rest.post("/api/reservations", body: ["time_slot_id": slot.id.rawValue]).success().decode(Short.self)
            #expect(try await ana.rest.get(path).success().decode(CalendarSnapshot.self).slots.map(\.unitsFree) == [0])
            #expect(try await ana.rest.delete("/api/reservations/\(booked.reservation_id)").status == 204)
            #expect(try await ana.rest.get(path).success().decode(CalendarSnapshot.self).slots.map(\.unitsFree) == [1])
        }
    }

    @Test func `an administrator runs a venue at the old addresses`() async throws {
        try await TestServer.run { server in
            let rest = server.admin.rest
            let venue = try await rest.post("/api/venues", body: RawJSON(Door.sampleVenue)).success().decode(Venue.self)
            #expect(venue.name == "Gym A")
            #expect(venue.location == "Building 1")
            #expect(venue.capacity == 50)
            #expect(venue.status == .open)
            #expect(venue.notice == "Please wear sports shoes")
            #expect(try await rest.put("/api/venues/\(venue.id)", body: ["name": "Gym B"]).success().decode(Venue.self).name == "Gym B")

            let root = "/api/venues/\(venue.id)/time-slots"
            let slot = try await rest.post(root, body: RawJSON(Door.sampleSlot)).success().decode(TimeSlot.self)
            #expect("\(slot.date) \(slot.startTime) \(slot.endTime)" == "2023-07-10 10:00 12:00")
            let moved = try await rest.put("\(root)/\(slot.id)", body: ["end_time": "13:00"]).success().decode(TimeSlot.self)
            #expect("\(moved.date) \(moved.startTime) \(moved.endTime)" == "2023-07-10 10:00 13:00")
            #expect(try await rest.delete("\(root)/\(slot.id)").status == 204)

            let sample = RawJSON(#"{ "status": "maintenance" }"#)
            #expect(try await rest.put("/api/venues/\(venue.id)/status", body: sample).success().decode(Venue.self).status == .maintenance)
            #expect(try await rest.delete("/api/venues/\(venue.id)").status == 204)
            #expect(try await rest.get("/api/venues/\(venue.id)").status == 404)
        }
    }

    @Test func `a word in place of an id is no reservation`() async throws {
        try await TestServer.run { server in
            for word in ["pending", "user", "me"] {
                let answer = try await server.admin.rest.get("/api/reservations/\(word)")
                #expect(answer.status == 404, "\(word)")
            }
        }
    }
}
