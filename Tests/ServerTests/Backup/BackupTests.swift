import Client
import Foundation
import Gym
import Server
import ServerTesting
import Testing
import Wire

import class GRDB.DatabaseQueue

@Suite(.timeLimit(.minutes(5))) struct BackupTests {
    private static let members = 6
    private static let slots = 16

    /// A club of a few people who book while a backup is made, and then go on.
    private struct Story: Sendable {
        let venue: Venue
        /// Where a client stood when the server was last seen.
        let position: StreamPosition
        let bookedBefore: Set<Int64>
        let bookedAfter: Set<Int64>
    }

    @Test func `a restored backup holds what was booked before it, and whoever comes back reads everything anew`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let backup = directory.url.appending(path: "backup.sqlite").path
        let story = try await TestServer.run(in: directory) { try await Self.bookWhileBackingUp($0, directory, to: backup) }
        #expect(!story.bookedBefore.isEmpty && !story.bookedAfter.isEmpty)

        let restored = try await ServerProcess.command(
            "restore", "--from", backup, "--database", directory.databaseURL, "--replace")
        #expect(restored.ending == .exited(status: 0), "\(restored.printed)")

        try await TestServer.run(in: directory) { server in
            let connection = try await server.admin.connect()
            let subscription = try await connection.subscribe(story.venue.calendarChannel, since: story.position)
            let position = try #require(subscription.position)
            #expect(subscription.wasRecovering && !subscription.recovered)
            #expect(position.epoch != story.position.epoch)
            await connection.close()

            let audit = try await BookingAudit(
                of: story.venue, by: server.admin, from: LocalDate(daysSinceEpoch: 20_635), through: LocalDate(daysSinceEpoch: 20_665))
            #expect(story.bookedBefore.isSubset(of: audit.standing.keys))
            #expect(story.bookedAfter.isDisjoint(with: audit.standing.keys))

            // What a client does that was told so: a snapshot, and live from there.
            var follower = try await ViewFollower(CalendarView.self, of: story.venue.id.rawValue, by: server.admin)
            #expect(follower.view.position == position)
            let slots = try await server.admin.calendar(story.venue.id).slots
            let ana = try await server.member("ana")
            for slot in slots { try await ana.rest.post("/api/v1/reservations", body: ["time_slot_id": slot.id]).success() }
            let fresh = try await follower.catchUp()
            #expect(follower.view == fresh)
            #expect(follower.view.position.offset == position.offset + UInt64(slots.count))
        }
    }

    private static func bookWhileBackingUp(_ server: TestServer, _ directory: TestDirectory, to backup: String) async throws -> Story {
        let venue = try await server.venue(VenueSketch(capacity: 10))
        var slots: [TimeSlot] = []
        for number in 0..<Self.slots {
            let (day, hour) = (10 + number / 8, 10 + number % 8)
            slots.append(try await server.slot(SlotSketch(date: "2026-07-\(day)", "\(hour):00", "\(hour + 1):00", capacity: 10), at: venue))
        }
        let members = try await server.crowd(Self.members)
        func storm(_ members: ArraySlice<TestUser>) -> BookingStorm {
            BookingStorm(
                members.flatMap { member in
                    slots.map { .init(token: member.token, userID: member.id, timeSlotID: $0.id.rawValue, key: "\(member.id)-\($0.id)") }
                })
        }
        let (before, during, after) = (storm(members[..<2]), storm(members[2..<4]), storm(members[4...]))
        await before.rage(on: server.rest, connections: 4)

        async let copying = ServerProcess.command("backup", "--database", directory.databaseURL, "--to", backup)
        await during.rage(on: server.rest, connections: 4)
        let copied = try await copying
        #expect(copied.ending == .exited(status: 0), "\(copied.printed)")

        await after.rage(on: server.rest, connections: 4)
        #expect((before.refusals + during.refusals + after.refusals).isEmpty)
        let view = try await CalendarView.read(of: venue.id.rawValue, by: server.admin)
        return Story(
            venue: venue, position: view.position, bookedBefore: Set(before.acknowledged.values),
            bookedAfter: Set(after.acknowledged.values))
    }

    @Test func `nobody but the owner may read a backup, and it overwrites nothing`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let backup = try await Self.backup(in: directory)
        for path in [backup, backup + ".manifest.json"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
        let again = try await ServerProcess.command("backup", "--database", directory.databaseURL, "--to", backup)
        #expect(again.ending != .exited(status: 0) && again.printed.contains("exists already"))
        let unserved = try await ServerProcess.command("backup", "--database", directory.databaseURL, "--to", backup + ".unserved")
        #expect(unserved.ending == .exited(status: 0), "\(unserved.printed)")
        let nothing = try await ServerProcess.command("backup", "--database", "sqlite://\(backup).none", "--to", backup + ".2")
        #expect(nothing.ending != .exited(status: 0) && nothing.printed.contains("there is no"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.url.path).filter { $0.contains("partial") }.isEmpty)
    }

    @Test func `a restore replaces nothing unless it is told to, and nothing that is served`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let backup = try await Self.backup(in: directory)
        let unasked = try await ServerProcess.command("restore", "--from", backup, "--database", directory.databaseURL)
        let reason = TestDirectory.isOnSQLite ? "exists already" : "is not empty"
        #expect(unasked.ending != .exited(status: 0) && unasked.printed.contains(reason), "\(unasked.printed)")
        try await TestServer.run(in: directory) { server in
            let served = try await ServerProcess.command(
                "restore", "--from", backup, "--database", directory.databaseURL, "--replace")
            let reason = TestDirectory.isOnSQLite ? "inUse" : "is in use"
            #expect(served.ending != .exited(status: 0) && served.printed.contains(reason), "\(served.printed)")
            _ = try await server.venue()
        }
        let elsewhere = try TestDirectory()
        defer { elsewhere.remove() }
        let fresh = try await ServerProcess.command("restore", "--from", backup, "--database", elsewhere.databaseURL)
        #expect(fresh.ending == .exited(status: 0), "\(fresh.printed)")
        try await TestServer.run(in: elsewhere) { server in _ = try await server.signIn("ana") }
    }

    @Test func `a backup that is not whole is refused before anything is touched`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let backup = try await Self.backup(in: directory)
        let whole = try Data(contentsOf: URL(filePath: backup))
        let database = directory.url.appending(path: "test.sqlite")
        let served = FileManager.default.contents(atPath: database.path)

        var flipped = whole
        flipped[whole.count / 2] ^= 1
        for (damaged, reason) in [(flipped, "checksum"), (whole.dropLast(4_096), "size")] {
            try damaged.write(to: URL(filePath: backup))
            let refused = try await ServerProcess.command(
                "restore", "--from", backup, "--database", directory.databaseURL, "--replace")
            #expect(refused.ending != .exited(status: 0) && refused.printed.contains(reason), "\(refused.printed)")
        }
        try whole.write(to: URL(filePath: backup))
        try FileManager.default.removeItem(atPath: backup + ".manifest.json")
        let alone = try await ServerProcess.command("restore", "--from", backup, "--database", directory.databaseURL, "--replace")
        #expect(alone.ending != .exited(status: 0) && alone.printed.contains("manifest"), "\(alone.printed)")

        #expect(FileManager.default.contents(atPath: database.path) == served)
        try await TestServer.run(in: directory) { server in _ = try await server.signIn("ana") }
        let left = try FileManager.default.contentsOfDirectory(atPath: directory.url.path)
        #expect(left.filter { $0.contains("restoring") }.isEmpty)
    }

    @Test(.enabled(if: !TestDirectory.isOnSQLite)) func `a restore that fails in the middle changes nothing`() async throws {
        let (source, target) = (try TestDirectory(), try TestDirectory())
        defer {
            source.remove()
            target.remove()
        }
        let file = source.url.appending(path: "other.sqlite").path
        try await TestServer.run(in: source, adjust: { $0.database = .sqlite(path: file) }) { _ = try await $0.member("ben") }
        // SQLite keeps a text where a number belongs; PostgreSQL does not.
        let queue = try DatabaseQueue(path: file)
        try await queue.write { try $0.execute(sql: "UPDATE session SET expires_at = 'soon'") }
        try queue.close()
        let backup = source.url.appending(path: "other.backup").path
        let copied = try await ServerProcess.command("backup", "--database", "sqlite://\(file)", "--to", backup)
        #expect(copied.ending == .exited(status: 0), "\(copied.printed)")

        try await TestServer.run(in: target) { _ = try await $0.member("ana") }
        let failed = try await ServerProcess.command("restore", "--from", backup, "--database", target.databaseURL, "--replace")
        #expect(failed.ending == .exited(status: 1) && failed.printed.contains("does not fit"), "\(failed.printed)")
        try await TestServer.run(in: target) { server in
            _ = try await server.signIn("ana")
            #expect(try await server.tryToSignIn("ben").status == 401)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: source.url.path).filter { $0.contains("restoring") }.isEmpty)
    }

    @Test(.enabled(if: !TestDirectory.isOnSQLite)) func `either engine restores what was backed up on the other`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let backup = try await Self.backup(in: directory)
        let file = directory.url.appending(path: "other.sqlite").path
        let there = try await ServerProcess.command("restore", "--from", backup, "--database", "sqlite://\(file)")
        #expect(there.ending == .exited(status: 0), "\(there.printed)")
        try await TestServer.run(in: directory, adjust: { $0.database = .sqlite(path: file) }) { server in
            _ = try await server.signIn("ana")
            _ = try await server.member("ben")
        }
        let copied = try await ServerProcess.command("backup", "--database", "sqlite://\(file)", "--to", backup + ".2")
        #expect(copied.ending == .exited(status: 0), "\(copied.printed)")
        let back = try await ServerProcess.command("restore", "--from", backup + ".2", "--database", directory.databaseURL, "--replace")
        #expect(back.ending == .exited(status: 0), "\(back.printed)")
        try await TestServer.run(in: directory) { server in _ = try await server.signIn("ben") }
    }

    /// Of a server with one member, `ana`.
    private static func backup(in directory: TestDirectory) async throws -> String {
        let backup = directory.url.appending(path: "backup.sqlite").path
        try await TestServer.run(in: directory) { server in
            _ = try await server.member("ana")
            let copied = try await ServerProcess.command("backup", "--database", directory.databaseURL, "--to", backup)
            #expect(copied.ending == .exited(status: 0), "\(copied.printed)")
        }
        return backup
    }
}
