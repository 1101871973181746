import Client
import Gym
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(5))) struct TimeSlotTests {
    @Test func `a slot has its venue's capacity and is told to the watchers`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let venue = try await server.venue(VenueSketch(capacity: 12))
            let calendar = try await ana.watch(VenueCalendar(venue: venue.id.rawValue))
            let operations = try await server.admin.watch(VenueOperations(venue: venue.id.rawValue))
            let slot = try await server.slot(at: venue)

            #expect(slot.capacity == 12 && slot.unitsFree == 12)
            #expect("\(slot.date) \(slot.startTime)-\(slot.endTime)" == "2026-07-02 10:00-11:00")
            // Ten o'clock in Shanghai.
            #expect(slot.startsAt.rfc3339 == "2026-07-02T02:00:00Z")
            #expect(slot.endsAt.rfc3339 == "2026-07-02T03:00:00Z")
            let told = try await calendar.next(SlotCreated.self).slot
            #expect(told.id == slot.id.rawValue && told.unitsFree == 12 && told.startsAt == slot.startsAt)
            #expect(try await operations.next(SlotCreated.self).slot == told)
            #expect(try await ana.calendar(venue.id).slots == [told])
        }
    }

    @Test func `slots of one venue may touch but not overlap`() async throws {
        try await TestServer.run { server in
            let venue = try await server.venue()
            let slot = try await server.slot(at: venue)
            let path = "/api/v1/venues/\(venue.id)/reservation-time-slots"
            for (start, end) in [("10:00", "11:00"), ("09:30", "10:01"), ("10:59", "12:00"), ("10:15", "10:45"), ("09:00", "12:00")] {
                let refusal = try await server.admin.rest.post(path, body: SlotSketch(start, end))
                #expect(refusal.status == 409, "\(start)")
                #expect(refusal.problem?.code == "booking.window_overlap")
                let conflicts = try refusal.conflicts
                #expect(conflicts.map(\.start) == [slot.startsAt.rfc3339])
                #expect(conflicts.map(\.end) == [slot.endsAt.rfc3339])
            }
            for (start, end) in [("09:00", "10:00"), ("11:00", "12:00")] { _ = try await server.slot(SlotSketch(start, end), at: venue) }
            _ = try await server.slot(SlotSketch(date: "2026-07-03"), at: venue)
            _ = try await server.slot(at: server.venue())
            #expect(try await server.admin.calendar(venue.id).slots.count == 4)
        }
    }

    @Test func `a slot lies within the opening hours`() async throws {
        try await TestServer.run { server in
            // The second of July 2026 is a Thursday.
            let body = """
                {"name": "Gym", "capacity": 5, "opening_hours": [
                    {"weekday": 4, "open": "08:00", "close": "12:00"}, {"weekday": 4, "open": "14:00", "close": "24:00"}]}
                """
            let venue = try await server.admin.rest.post("/api/v1/venues", body: RawJSON(body)).success().decode(Venue.self)
            let path = "/api/v1/venues/\(venue.id)/reservation-time-slots"
            for sketch in [
                SlotSketch("07:59", "09:00"), SlotSketch("11:00", "12:01"), SlotSketch("11:00", "15:00"), SlotSketch("12:00", "14:00"),
                SlotSketch(date: "2026-07-03"),
            ] {
                let refusal = try await server.admin.rest.post(path, body: sketch)
                #expect(refusal.status == 409, "\(sketch)")
                #expect(refusal.problem?.code == "time_slot.outside_opening_hours")
            }
            let slot = try await server.slot(SlotSketch("08:00", "12:00"), at: venue)
            _ = try await server.slot(SlotSketch("22:00", "24:00"), at: venue)
            #expect(try await server.admin.change(slot, #"{"end_time": "12:30"}"#).problem?.code == "time_slot.outside_opening_hours")
            #expect(try await server.admin.change(slot, #"{"date": "2026-07-03"}"#).status == 409)
            #expect(try await server.admin.calendar(venue.id).slots.first?.endTime == LocalTime("12:00"))
        }
    }

    @Test func `a slot may have less than its venue's capacity but not more`() async throws {
        try await TestServer.run { server in
            let venue = try await server.venue(VenueSketch(capacity: 5))
            let refusal = try await server.admin.rest.post(
                "/api/v1/venues/\(venue.id)/reservation-time-slots", body: SlotSketch(capacity: 6)
            )
            #expect(refusal.status == 422)
            #expect(refusal.problem?.code == "time_slot.capacity_above_venue")
            #expect(refusal.pointers == ["/capacity"])
            let slot = try await server.slot(SlotSketch(capacity: 2), at: venue)
            #expect(slot.capacity == 2)
            #expect(try await server.admin.change(slot, #"{"capacity": 6}"#).status == 422)
            #expect(try await server.admin.change(slot, #"{"capacity": 5}"#).success().decode(TimeSlot.self).unitsFree == 5)
        }
    }

    @Test func `a slot that moves takes its reservations along and tells their owners`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let slot = try await server.slot(capacity: 1)
            let venue = try await server.rest.get("/api/v1/venues/\(slot.venueID)").success().decode(Venue.self)
            let reservation = try await ana.reserved(slot)
            let calendar = try await ben.watch(VenueCalendar(venue: venue.id.rawValue))
            let operations = try await server.admin.watch(VenueOperations(venue: venue.id.rawValue))
            let news = try await ana.listen()

            let body = #"{"date": "2026-07-03", "start_time": "15:00", "end_time": "16:30"}"#
            let moved = try await server.admin.change(slot, body).success().decode(TimeSlot.self)
            #expect(moved.id == slot.id && moved.unitsFree == 0 && moved.startsAt.rfc3339 == "2026-07-03T07:00:00Z")

            let told = try await news.next(ReservationChanged.self)
            #expect(told.username == nil)
            #expect(told.reservation.id == reservation.id.rawValue && told.reservation.status == "confirmed")
            #expect("\(told.reservation.date) \(told.reservation.startTime)-\(told.reservation.endTime)" == "2026-07-03 15:00-16:30")
            #expect(try await ana.reservation(reservation.id) == told.reservation)
            #expect(try await calendar.next(SlotChanged.self).slot.startsAt == moved.startsAt)
            #expect(try await operations.next(SlotChanged.self).slot.unitsFree == 0)
            #expect(
                try await operations.next(ReservationChanged.self) == ReservationChanged(reservation: told.reservation, username: "ana"))
            // The old time is free for the venue and for the person, the new one is not.
            #expect(try await ben.reserve(moved).problem?.code == "booking.no_room")
            #expect(try await ana.reserve(server.slot(at: venue)).status == 201)
            let elsewhere = try await server.slot(SlotSketch(date: "2026-07-03", "16:00", "17:00"), at: server.venue())
            #expect(try await ana.reserve(elsewhere).problem?.code == "reservation.overlaps_own")
        }
    }

    @Test func `a reservation that was cancelled keeps the time at which it stood when its slot moves`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let slot = try await server.slot(capacity: 1)
            let reservation = try await ana.reserved(slot)
            try await ana.cancel(reservation).success()
            let before = try await ana.ownReservations()
            try await server.admin.change(slot, #"{"date": "2026-07-03"}"#).success()
            // Nobody is told that something moved which no longer stands, so it must not have moved.
            let after = try await ana.ownReservations()
            #expect(after.stream == before.stream)
            #expect(after.items == before.items)
            #expect(try await ana.ownReservations("to=2026-07-02T12:00:00Z").items == before.items)
        }
    }

    @Test func `a slot does not move onto another one`() async throws {
        try await TestServer.run { server in
            let venue = try await server.venue()
            let slot = try await server.slot(at: venue)
            let other = try await server.slot(SlotSketch("12:00", "13:00"), at: venue)
            let refusal = try await server.admin.change(slot, #"{"start_time": "11:30", "end_time": "12:30"}"#)
            #expect(refusal.status == 409)
            #expect(try refusal.conflicts.map(\.start) == [other.startsAt.rfc3339])
            #expect(try await server.admin.change(slot, #"{"end_time": "12:00"}"#).status == 200)
            // Over its own former time.
            #expect(try await server.admin.change(slot, #"{"start_time": "10:30"}"#).status == 200)
        }
    }

    @Test func `a change that ends before it starts is refused whichever side it names`() async throws {
        try await TestServer.run { server in
            let slot = try await server.slot(capacity: 1)
            for body in [#"{"start_time": "11:00"}"#, #"{"end_time": "10:00"}"#, #"{"start_time": "12:00"}"#] {
                let refusal = try await server.admin.change(slot, body)
                #expect(refusal.status == 422, "\(body)")
                #expect(refusal.pointers == ["/end_time"], "\(body)")
            }
        }
    }

    @Test func `a slot's capacity never falls below what is taken`() async throws {
        try await TestServer.run { server in
            let members = try await server.crowd(3)
            let slot = try await server.slot(capacity: 5)
            for member in members { _ = try await member.reserved(slot) }
            let calendar = try await members[0].watch(VenueCalendar(venue: slot.venueID.rawValue))
            let refusal = try await server.admin.change(slot, #"{"capacity": 2}"#)
            #expect(refusal.status == 409)
            #expect(refusal.problem?.code == "resource.capacity_in_use")
            let changed = try await server.admin.change(slot, #"{"capacity": 3}"#).success().decode(TimeSlot.self)
            #expect(changed.capacity == 3 && changed.unitsFree == 0)
            let told = try await calendar.next(SlotChanged.self).slot
            #expect(told.capacity == 3 && told.unitsFree == 0)
        }
    }

    @Test func `a venue's capacity bounds its slots and never falls below what is taken`() async throws {
        try await TestServer.run { server in
            let members = try await server.crowd(3)
            let venue = try await server.venue(VenueSketch(capacity: 5))
            let (large, small) = (
                try await server.slot(at: venue), try await server.slot(SlotSketch("12:00", "13:00", capacity: 2), at: venue)
            )
            for member in members { _ = try await member.reserved(large) }
            let calendar = try await members[0].watch(VenueCalendar(venue: venue.id.rawValue))

            #expect(try await server.admin.change(venue, #"{"capacity": 2}"#).problem?.code == "resource.capacity_in_use")
            #expect(try await server.rest.get("/api/v1/venues/\(venue.id)").success().decode(Venue.self).capacity == 5)
            try await server.admin.change(venue, #"{"capacity": 4}"#).success()
            let told = try await calendar.next(SlotChanged.self).slot
            #expect(told.id == large.id.rawValue && told.capacity == 4 && told.unitsFree == 1)
            _ = try await calendar.next(VenueChanged.self)
            #expect(try await members[0].calendar(venue.id).slots.map(\.capacity) == [4, 2])
            // More room for the venue is for those who open slots to use.
            try await server.admin.change(venue, #"{"capacity": 9}"#).success()
            #expect(try await members[0].calendar(venue.id).slots.map(\.capacity) == [4, 2])
            #expect(try await server.admin.change(small, #"{"capacity": 9}"#).status == 200)
        }
    }

    @Test func `a slot is found under its own venue only`() async throws {
        try await TestServer.run { server in
            let slot = try await server.slot(capacity: 1)
            let other = try await server.venue()
            let path = "/api/v1/venues/\(other.id)/reservation-time-slots/\(slot.id)"
            #expect(try await server.admin.rest.put(path, body: ["end_time": "12:00"]).status == 404)
            #expect(try await server.admin.rest.delete(path).status == 404)
            #expect(try await server.admin.calendar(slot.venueID).slots.count == 1)
        }
    }

    @Test func `slots are listed by day, by days, and in pages`() async throws {
        try await TestServer.run { server in
            let venue = try await server.venue()
            for day in 2...6 { _ = try await server.slot(SlotSketch(date: "2026-07-0\(day)"), at: venue) }
            func days(_ query: String) async throws -> [Int] {
                let path = "/api/v1/venues/\(venue.id)/reservation-time-slots?\(query)"
                return try await server.rest.get(path).success().decode(Page<TimeSlot>.self).items.map(\.date.civil.day)
            }
            #expect(try await days("") == [2, 3, 4, 5, 6])
            #expect(try await days("date=2026-07-03") == [3])
            #expect(try await days("start_date=2026-07-03&end_date=2026-07-05") == [3, 4, 5])
            #expect(try await days("start_date=2026-07-05") == [5, 6])
            let path = "/api/v1/venues/\(venue.id)/reservation-time-slots?limit=2"
            let first = try await server.rest.get(path).success().decode(Page<TimeSlot>.self)
            let second = try await server.rest.get("\(path)&cursor=\(first.nextCursor ?? "")").success().decode(Page<TimeSlot>.self)
            let third = try await server.rest.get("\(path)&cursor=\(second.nextCursor ?? "")").success().decode(Page<TimeSlot>.self)
            #expect([first, second, third].map { $0.items.map(\.date.civil.day) } == [[2, 3], [4, 5], [6]])
            #expect(third.nextCursor == nil)
        }
    }
}
