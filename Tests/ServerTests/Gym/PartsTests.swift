import Client
import Gym
import ServerTesting
import Testing
import Wire

/// A court that can be had as a whole or in halves: whoever has a part excludes the whole, and the other way round.
@Suite(.timeLimit(.minutes(5))) struct PartsTests {
    private struct Court {
        let whole: Venue
        let halves: [Venue]

        init(on server: TestServer) async throws {
            whole = try await server.venue(VenueSketch(capacity: 4))
            halves = [
                try await server.venue(VenueSketch(capacity: 2, parent: whole)),
                try await server.venue(VenueSketch(capacity: 2, parent: whole)),
            ]
        }
    }

    @Test func `both halves can be had together, the whole with neither`() async throws {
        try await TestServer.run { server in
            let members = try await server.crowd(5)
            let court = try await Court(on: server)
            let whole = try await server.slot(at: court.whole)
            let halves = [try await server.slot(at: court.halves[0]), try await server.slot(at: court.halves[1])]
            let first = try await members[0].reserved(halves[0])
            let second = try await members[1].reserved(halves[1])
            let refusal = try await members[2].reserve(whole)
            #expect(refusal.status == 409)
            #expect(refusal.problem?.code == "booking.no_room")
            #expect(try refusal.conflicts.map(\.reason) == ["relative_taken"])
            try await members[0].cancel(first).success()
            #expect(try await members[2].reserve(whole).status == 409)
            try await members[1].cancel(second).success()
            #expect(try await members[2].reserve(whole).status == 201)
            // The whole is shared by as many as fit in, a half of it by none.
            #expect(try await members[3].reserve(whole).status == 201)
            for half in halves { #expect(try await members[4].reserve(half).problem?.code == "booking.no_room") }
        }
    }

    @Test func `parts exclude the whole only while they are taken`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let court = try await Court(on: server)
            _ = try await ana.reserved(server.slot(SlotSketch("10:00", "11:00"), at: court.halves[0]))
            for (start, end, status) in [("09:00", "10:00", 201), ("10:30", "10:45", 409), ("11:00", "12:00", 201)] {
                #expect(try await ben.reserve(server.slot(SlotSketch(start, end), at: court.whole)).status == status, "\(start)")
            }
        }
    }

    @Test func `availability of the whole follows its parts, in the calendar and live`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let court = try await Court(on: server)
            let half = try await server.slot(SlotSketch("10:00", "11:00"), at: court.halves[0])
            let touched = try await server.slot(SlotSketch("09:00", "10:30"), at: court.whole)
            let untouched = try await server.slot(SlotSketch("11:00", "12:00"), at: court.whole)
            let calendar = try await ben.watch(VenueCalendar(venue: court.whole.id.rawValue))
            let operations = try await server.admin.watch(VenueOperations(venue: court.whole.id.rawValue))

            let reservation = try await ana.reserved(half)
            for watch in [calendar, operations] {
                let told = try await watch.next(OccupancyChanged.self)
                #expect(told.timeSlotID == touched.id.rawValue && told.unitsFree == 0)
            }
            #expect(try await ben.calendar(court.whole.id).slots.map(\.unitsFree) == [0, untouched.capacity])
            #expect(try await server.admin.operations(court.whole.id).reservations.isEmpty)

            try await ana.cancel(reservation).success()
            for watch in [calendar, operations] { #expect(try await watch.next(OccupancyChanged.self).unitsFree == touched.capacity) }
            #expect(try await ben.calendar(court.whole.id).slots.map(\.unitsFree) == [touched.capacity, untouched.capacity])
        }
    }

    @Test func `availability of the parts follows the whole, live`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let court = try await Court(on: server)
            let whole = try await server.slot(at: court.whole)
            var watches: [Watch] = []
            for half in court.halves {
                _ = try await server.slot(SlotSketch("10:30", "12:00"), at: half)
                watches.append(try await ben.watch(VenueCalendar(venue: half.id.rawValue)))
            }
            _ = try await ana.reserved(whole)
            for watch in watches { #expect(try await watch.next(OccupancyChanged.self).unitsFree == 0) }
            try await server.admin.setStatus("closed", of: court.whole).success()
            for watch in watches { #expect(try await watch.next(OccupancyChanged.self).unitsFree == 2) }
        }
    }

    @Test func `a slot that moves frees its relatives at the old time and excludes them at the new`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let court = try await Court(on: server)
            let half = try await server.slot(SlotSketch("10:00", "11:00"), at: court.halves[0])
            let old = try await server.slot(SlotSketch("10:00", "11:00"), at: court.whole)
            let new = try await server.slot(SlotSketch("15:00", "16:00"), at: court.whole)
            _ = try await ana.reserved(half)
            let calendar = try await ana.watch(VenueCalendar(venue: court.whole.id.rawValue))
            try await server.admin.change(half, #"{"start_time": "15:30", "end_time": "16:30"}"#).success()
            var told: [Int64: Int] = [:]
            for _ in 1...2 {
                let event = try await calendar.next(OccupancyChanged.self)
                told[event.timeSlotID] = event.unitsFree
            }
            #expect(told == [old.id.rawValue: 4, new.id.rawValue: 0])
            #expect(try await ana.calendar(court.whole.id).slots.map(\.unitsFree) == [4, 0])
        }
    }

    @Test func `a slot with reservations does not move to where a relative is taken`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let court = try await Court(on: server)
            let whole = try await server.slot(SlotSketch("15:00", "16:00"), at: court.whole)
            let half = try await server.slot(SlotSketch("10:00", "11:00"), at: court.halves[0])
            let reservation = try await ana.reserved(half)
            _ = try await ben.reserved(whole)
            let refusal = try await server.admin.change(half, #"{"start_time": "15:30", "end_time": "16:30"}"#)
            #expect(refusal.status == 409)
            #expect(refusal.problem?.code == "booking.no_room")
            // Nothing of it has happened.
            #expect(try await ana.reservation(reservation.id).startsAt == half.startsAt)
            #expect(try await ana.calendar(court.halves[0].id).slots.map(\.startsAt) == [half.startsAt])
            #expect(try await ana.calendar(court.halves[0].id).slots.map(\.unitsFree) == [1])
        }
    }

    @Test func `a part of a part excludes everything above it and nothing beside it`() async throws {
        try await TestServer.run { server in
            let members = try await server.crowd(5)
            let court = try await Court(on: server)
            let quarter = try await server.venue(VenueSketch(capacity: 1, parent: court.halves[0]))
            _ = try await members[0].reserved(server.slot(at: quarter))
            #expect(try await members[1].reserve(server.slot(at: court.halves[0])).status == 409)
            #expect(try await members[2].reserve(server.slot(at: court.whole)).status == 409)
            #expect(try await members[3].reserve(server.slot(at: court.halves[1])).status == 201)
            #expect(try await members[4].reserve(server.slot(SlotSketch("12:00", "13:00"), at: court.whole)).status == 201)
        }
    }
}
