import Booking
import Client
import Core
import Gym
import ServerTesting
import Storage
import Testing
import Wire

/// The recurring job that tells of holds that have ended, in real servers.
@Suite(.timeLimit(.minutes(5))) struct ExpiredHoldJobTests {
    private static let secondsHeld: Int64 = 60

    @Test func `that a hold has ended is told though nobody books`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let time = ManualTime()
        let slot = try await TestServer.run(in: directory, time: time) { try await $0.slot(capacity: 1) }
        try await directory.withDatabase(time) { try await Self.hold([slot], in: $0) }
        try await TestServer.run(in: directory, time: time) {
            $0.jobs.lookSeconds = 1
        } _: { server in
            let calendar = try await server.admin.watch(VenueCalendar(venue: slot.venueID.rawValue))
            server.time.advance(bySeconds: ClearExpiredOccupations.intervalSeconds)
            let freed = try await calendar.next(OccupancyChanged.self)
            #expect(freed.timeSlotID == slot.id.rawValue && freed.unitsFree == 1)
        }
    }

    @Test func `killed in the middle of the job, a server loses nothing: the next one goes on, and everybody is told once`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        // Two minutes behind the clock of the processes that come next, for which the holds have ended and the job is due.
        let time = ManualTime(SystemTime().now.advanced(bySeconds: -2 * Self.secondsHeld))
        let (token, slots) = try await TestServer.run(in: directory, time: time) { server in
            let date = "\(LocalDate(daysSinceEpoch: Int(time.now.microseconds / 86_400_000_000)).advanced(byDays: 2))"
            var slots: [TimeSlot] = []
            for _ in 1...200 { slots.append(try await server.slot(SlotSketch(date: date), at: server.venue(VenueSketch(capacity: 1)))) }
            return (server.admin.token, slots)
        }
        let held = try await directory.withDatabase(time) { database in
            try await Self.hold(slots, in: database)
            try await database.writeUnrecorded(by: .test) { tx in
                try tx.enqueue(ClearExpiredOccupations(), key: ClearExpiredOccupations.kind)
            }
            return try await Self.tops(of: slots, in: database)
        }

        try await ServerProcess.run(in: directory) { server in
            try await Self.hearOfTheEnd(of: slots.prefix(1), since: held, at: server, token)
            await server.kill()
        }
        let afterKill = try await directory.withDatabase(time) { try await Self.tops(of: slots, in: $0) }
        #expect(afterKill != held && zip(afterKill, held).contains { $0 == $1 }, "the kill has not met the job")

        try await ServerProcess.run(in: directory) { server in
            try await Self.hearOfTheEnd(of: slots[...], since: held, at: server, token)
            #expect(try await server.terminate() == .exited(status: 0))
        }
        let afterAll = try await directory.withDatabase(time) { try await Self.tops(of: slots, in: $0) }
        #expect(afterAll == held.map { StreamPosition(epoch: $0.epoch, offset: $0.offset + 1) })
    }

    private static func hold(_ slots: [TimeSlot], in database: Database) async throws {
        try await database.writeUnrecorded(by: .test) { tx in
            for slot in slots {
                let window = try #require(try tx.timeWindow(TimeWindow.ID(slot.id.rawValue)))
                let resource = try #require(try Occupancy().lock(window.resourceID, for: nil, in: tx))
                let claim = Claim(window.interval, kind: .hold, owner: nil, expiresAt: tx.now.advanced(bySeconds: secondsHeld))
                _ = try Occupancy().take(claim, on: resource, in: window, tx)
            }
        }
    }

    /// Where the calendars stand, in the order of the slots.
    private static func tops(of slots: [TimeSlot], in database: Database) async throws -> [StreamPosition] {
        try await database.read { snapshot in
            try slots.map { try snapshot.position(of: VenueCalendar(venue: $0.venueID.rawValue)) }
        }
    }

    /// Waits until each calendar has told one thing more, now or while nobody listened.
    private static func hearOfTheEnd(
        of slots: ArraySlice<TimeSlot>, since positions: [StreamPosition], at server: ServerProcess, _ token: String
    ) async throws {
        for (slot, position) in zip(slots, positions) {
            let connection = try await LiveConnection.connect(port: server.port, token: token)
            let channel = VenueCalendar(venue: slot.venueID.rawValue).name
            let watch = Watch(
                connection: connection, channel: channel, subscription: try await connection.subscribe(channel, since: position))
            let told = try await watch.read(through: position.offset + 1)
            #expect(try told.first?.data.decode(EventEnvelope<OccupancyChanged>.self).data.unitsFree == 1)
            connection.cut()
        }
    }
}
