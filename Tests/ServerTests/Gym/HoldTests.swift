import Booking
import Client
import Core
import Gym
import ServerTesting
import Storage
import Synchronization
import Testing
import Wire

@testable import Server

/// Room that is held for a while and then free again. No door makes a hold yet, so one is put into the database between two servers.
@Suite(.timeLimit(.minutes(5))) struct HoldTests {
    private static let secondsHeld: Int64 = 60

    /// What is told while the database is open without a server.
    private final class Recorder: CommittedEvents {
        private let recorded = Mutex<[CommittedEvent]>([])

        var events: [CommittedEvent] { recorded.withLock { $0 } }

        func committed(_ events: [CommittedEvent]) { recorded.withLock { $0 += events } }
    }

    /// A slot for one whose only place is held for a minute, before a server that finds it so.
    private static func withHeldSlot(_ body: @escaping @Sendable (TestServer, TimeSlot) async throws -> Void) async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let time = ManualTime()
        let slot = try await TestServer.run(in: directory, time: time) { try await $0.slot(capacity: 1) }
        try await directory.withDatabase(time) { try await hold(slot, in: $0) }
        try await TestServer.run(in: directory, time: time) { try await body($0, slot) }
    }

    private static func hold(_ slot: TimeSlot, in database: Database) async throws {
        try await database.writeUnrecorded(by: .test) { tx in
            let window = try #require(try tx.timeWindow(TimeWindow.ID(slot.id.rawValue)))
            let resource = try #require(try Occupancy().lock(window.resourceID, for: nil, in: tx))
            let claim = Claim(window.interval, kind: .hold, owner: nil, expiresAt: tx.now.advanced(bySeconds: secondsHeld))
            _ = try Occupancy().take(claim, on: resource, in: window, tx)
        }
    }

    @Test func `that a hold has ended is told with the next reservation at the venue`() async throws {
        try await Self.withHeldSlot { server, slot in
            let ana = try await server.member("ana")
            let venue = try await server.rest.get("/api/v1/venues/\(slot.venueID)").success().decode(Venue.self)
            let other = try await server.slot(SlotSketch("20:00", "21:00"), at: venue)
            let calendar = try await ana.watch(VenueCalendar(venue: slot.venueID.rawValue))
            let operations = try await server.admin.watch(VenueOperations(venue: slot.venueID.rawValue))
            server.time.advance(bySeconds: Self.secondsHeld)
            try await ana.reserve(other).success()
            for watch in [calendar, operations] {
                let freed = try await watch.next(OccupancyChanged.self)
                #expect(freed.timeSlotID == slot.id.rawValue && freed.unitsFree == 1)
                #expect(try await watch.next(OccupancyChanged.self).timeSlotID == other.id.rawValue)
            }
        }
    }

    @Test func `housekeeping tells which holds have ended, once`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let time = ManualTime()
        let slot = try await TestServer.run(in: directory, time: time) { try await $0.slot(capacity: 3) }
        let recorder = Recorder()
        try await directory.withDatabase(time, committed: recorder) { database in
            for _ in 1...2 { try await Self.hold(slot, in: database) }
            let before = recorder.events.count
            try await Occupancy().clearExpired(in: database)
            #expect(recorder.events.count == before, "they have not ended yet")
            time.advance(bySeconds: Self.secondsHeld)
            for _ in 1...2 { try await Occupancy().clearExpired(in: database) }
            let told = recorder.events.dropFirst(before)
            #expect(Set(told.map(\.channel)) == ["calendar:venue:\(slot.venueID)", "ops:venue:\(slot.venueID)"])
            #expect(told.count == 2)
            for event in told { #expect(try event.data.decode(EventEnvelope<OccupancyChanged>.self).data.unitsFree == 3) }
        }
    }

    @Test func `room that is held is taken until the hold expires and free from that instant on`() async throws {
        try await Self.withHeldSlot { server, slot in
            let ana = try await server.member("ana")
            #expect(try await ana.reserve(slot).problem?.code == "booking.no_room")
            #expect(try await ana.calendar(slot.venueID).slots.map(\.unitsFree) == [0])
            server.time.advance(bySeconds: Self.secondsHeld - 1)
            #expect(try await ana.reserve(slot).status == 409)
            server.time.advance(bySeconds: 1)
            #expect(try await ana.calendar(slot.venueID).slots.map(\.unitsFree) == [1])
            #expect(try await ana.reserve(slot).status == 201)
            #expect(try await ana.calendar(slot.venueID).slots.map(\.unitsFree) == [0])
        }
    }

    @Test(arguments: [0, secondsHeld]) func `a slot that is or was held can be removed`(secondsLater: Int64) async throws {
        try await Self.withHeldSlot { server, slot in
            server.time.advance(bySeconds: secondsLater)
            try await server.admin.remove(slot).success()
            #expect(try await server.admin.calendar(slot.venueID).slots.isEmpty)
        }
    }

    @Test(arguments: [0, secondsHeld]) func `a venue with a slot that is or was held can be removed`(secondsLater: Int64) async throws {
        try await Self.withHeldSlot { server, slot in
            server.time.advance(bySeconds: secondsLater)
            try await server.admin.rest.delete("/api/v1/venues/\(slot.venueID)").success()
            #expect(try await server.rest.get("/api/v1/venues/\(slot.venueID)").status == 404)
        }
    }

    @Test func `a slot that was held moves without the hold`() async throws {
        try await Self.withHeldSlot { server, slot in
            server.time.advance(bySeconds: Self.secondsHeld)
            let moved = try await server.admin.change(slot, #"{"date": "2026-07-03"}"#).success().decode(TimeSlot.self)
            #expect(moved.unitsFree == 1)
            #expect(try await server.admin.reserve(moved).status == 201)
        }
    }
}
