import Client
import Gym
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(5))) struct CreateReservationTests {
    @Test func `watchers hear of a reservation once it is committed`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let slot = try await server.slot(capacity: 2)
            let calendar = try await ben.watch(VenueCalendar(venue: slot.venueID.rawValue))
            let operations = try await server.admin.watch(VenueOperations(venue: slot.venueID.rawValue))
            let news = try await ana.listen()

            let reservation = try await ana.reserved(slot)

            let event = try await calendar.next(OccupancyChanged.self)
            #expect(event.unitsFree == 1 && event.capacity == 2)
            #expect(event.timeSlotID == slot.id.rawValue)
            #expect(try await operations.next(OccupancyChanged.self) == event)
            let told = try await news.next(ReservationCreated.self)
            #expect(told.reservation.id == reservation.id.rawValue)
            #expect(told.username == nil)
            #expect(
                try await operations.next(ReservationCreated.self) == ReservationCreated(reservation: told.reservation, username: "ana"))
            #expect(try await ana.reservation(reservation.id) == told.reservation)
        }
    }

    @Test func `a full slot is refused and says that no room is left`() async throws {
        try await TestServer.run { server in
            let members = try await server.crowd(3)
            let slot = try await server.slot(capacity: 2)
            for member in members.prefix(2) { _ = try await member.reserved(slot) }
            let before = try await server.admin.calendar(slot.venueID).stream
            for path in ["/api/v1/reservations", "/api/reservations"] {
                let refusal = try await members[2].rest.post(path, body: ["time_slot_id": slot.id.rawValue])
                #expect(refusal.status == 409)
                #expect(refusal.problem?.code == "booking.no_room")
                let conflict = try #require(try refusal.conflicts.first)
                #expect(conflict.reason == "full" && conflict.unitsFree == 0)
                #expect(conflict.start == slot.startsAt.rfc3339 && conflict.end == slot.endsAt.rfc3339)
            }
            // A refusal leaves no trace.
            #expect(try await server.admin.calendar(slot.venueID).stream == before)
            #expect(try await members[2].ownReservations().items.isEmpty)
        }
    }

    @Test func `nobody reserves a slot twice`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let slot = try await server.slot(capacity: 5)
            let reservation = try await ana.reserved(slot)
            let refusal = try await ana.reserve(slot)
            #expect(refusal.status == 409)
            #expect(refusal.problem?.code == "reservation.already_reserved")
            try await ana.cancel(reservation).success()
            #expect(try await ana.reserve(slot).status == 201)
        }
    }

    @Test func `nobody is in two places at a time`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            _ = try await ana.reserved(server.slot(SlotSketch("10:00", "11:00"), at: server.venue()))
            for (start, end) in [("10:00", "11:00"), ("10:59", "12:00"), ("09:00", "10:01"), ("10:15", "10:30"), ("08:00", "13:00")] {
                let refusal = try await ana.reserve(server.slot(SlotSketch(start, end), at: server.venue()))
                #expect(refusal.status == 409, "\(start)")
                #expect(refusal.problem?.code == "reservation.overlaps_own", "\(start)")
            }
            for (start, end) in [("09:00", "10:00"), ("11:00", "12:00")] {
                #expect(try await ana.reserve(server.slot(SlotSketch(start, end), at: server.venue())).status == 201, "\(start)")
            }
        }
    }

    @Test func `a slot that has started is neither taken nor given back`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            // It is eight o'clock.
            let slot = try await server.slot(SlotSketch(date: "2026-07-01", "08:10", "09:00"), at: server.venue())
            let reservation = try await ana.reserved(slot)
            server.time.advance(bySeconds: 10 * 60 - 1)
            #expect(try await ben.reserve(slot).status == 201)
            server.time.advance(bySeconds: 1)
            let late = try await server.member("cyd")
            #expect(try await late.reserve(slot).problem?.code == "reservation.slot_has_started")
            let refusal = try await ana.cancel(reservation)
            #expect(refusal.status == 409)
            #expect(refusal.problem?.code == "reservation.slot_has_started")
            #expect(try await ana.reservation(reservation.id).status == "confirmed")
        }
    }

    @Test func `only administrators act for somebody else`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let slot = try await server.slot(capacity: 5)
            let news = try await ben.listen()
            let body = ["user_id": ben.id, "time_slot_id": slot.id.rawValue]
            for path in ["/api/v1/reservations", "/api/reservations"] {
                #expect(try await ana.rest.post(path, body: body).status == 403)
            }
            let reservation = try await server.admin.rest.post("/api/v1/reservations", body: body).success().decode(Reservation.self)
            #expect(reservation.userID.rawValue == ben.id)
            #expect(try await news.next(ReservationCreated.self).reservation.id == reservation.id.rawValue)
            #expect(try await ben.ownReservations().items.map(\.id) == [reservation.id.rawValue])
            // The rules are those for the person whose reservation it is.
            #expect(try await server.admin.rest.post("/api/v1/reservations", body: body).problem?.code == "reservation.already_reserved")
            #expect(try await server.admin.reserve(slot).status == 201)
            let nobody = ["user_id": 999_999, "time_slot_id": slot.id.rawValue]
            #expect(try await server.admin.rest.post("/api/v1/reservations", body: nobody).problem?.code == "reservation.user_not_found")
        }
    }

    @Test func `an unknown slot is not found`() async throws {
        try await TestServer.run { server in
            for path in ["/api/v1/reservations", "/api/reservations"] {
                let refusal = try await server.admin.rest.post(path, body: ["time_slot_id": 999_999])
                #expect(refusal.status == 404)
                #expect(refusal.problem?.code == "reservation.slot_not_found")
            }
        }
    }

    @Test func `an exclusive venue has one owner at a time whatever its capacity`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let venue = try await server.venue(VenueSketch(capacity: 12, exclusive: true))
            let slot = try await server.slot(at: venue)
            #expect(venue.capacity == 12 && slot.capacity == 1)
            #expect(try await ana.reserve(slot).status == 201)
            #expect(try await ben.reserve(slot).problem?.code == "booking.no_room")
            // More seats are not more owners.
            try await server.admin.change(venue, #"{"capacity": 40}"#).success()
            #expect(try await ben.reserve(slot).problem?.code == "booking.no_room")
            #expect(try await server.admin.change(slot, #"{"capacity": 2}"#).status == 422)
        }
    }
}
