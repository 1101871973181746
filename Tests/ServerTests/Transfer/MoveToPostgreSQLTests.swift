import Client
import Foundation
import Gym
import Server
import ServerTesting
import Testing
import Wire

import class GRDB.DatabaseQueue

@Suite(.enabled(if: !TestDirectory.isOnSQLite, "it needs a PostgreSQL to move to"), .timeLimit(.minutes(5)))
struct MoveToPostgreSQLTests {
    /// What the first server leaves for the second.
    private struct Scene: Sendable {
        let venue: Venue
        let slots: [TimeSlot]
        let token: String
        /// Of a slot that is gone: the highest number of its table.
        let removedSlot: Int64
        let reservation: Int64
    }

    // MARK: The move

    @Test func `clients resume at the new server, miss nothing, and numbers go on`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let time = ManualTime()
        let scene = try await Self.prepare(in: directory, time)
        let harbour = Harbour()
        let followers = [scene.venue.calendarChannel, scene.venue.operationsChannel].map { channel in
            Follower(channel, since: StreamPosition(epoch: "", offset: 0)) {
                try await LiveConnection.connect(port: try await harbour.serverPort(), token: scene.token)
            }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for follower in followers { group.addTask { try await follower.subscription.run() } }
            do {
                let epoch = try await Self.watched(on: Self.file(of: directory), directory, time, followers, harbour) { server in
                    try await server.signIn("ana").reserve(scene.slots[0]).success()
                }
                let moved = try await Self.move(directory)
                #expect(moved.ending == .exited(status: 0), "\(moved.printed)")
                #expect(moved.printed.contains("comparing") && moved.printed.contains("rows, compared"))

                let later = try await Self.watched(on: directory.databaseURL, directory, time, followers, harbour) { server in
                    let ben = try await server.signIn("ben")
                    try await ben.reserve(scene.slots[1]).success()
                    let reservation: Reservation = try await ben.reserve(scene.slots[2]).success().decode()
                    #expect(reservation.id.rawValue > scene.reservation)
                    let slot = try await server.slot(SlotSketch("16:00", "17:00"), at: scene.venue)
                    #expect(slot.id.rawValue > scene.removedSlot)
                }
                #expect(later == epoch)
            } catch {
                await harbour.abandon()
                throw error
            }
            group.cancelAll()
            // They wait for a server by now, and no other will come.
            await harbour.abandon()
            try await group.waitForAll()
        }
        for follower in followers {
            #expect(follower.isFlawless)
            #expect(follower.subscription.counts.resumes == 1)
        }
    }

    /// Somebody has booked, and a slot was removed again.
    private static func prepare(in directory: TestDirectory, _ time: ManualTime) async throws -> Scene {
        try await TestServer.run(in: directory, time: time, adjust: serving(file(of: directory))) { server in
            let venue = try await server.venue(VenueSketch(capacity: 10))
            var slots: [TimeSlot] = []
            for hour in 10..<13 { slots.append(try await server.slot(SlotSketch("\(hour):00", "\(hour + 1):00"), at: venue)) }
            let removed = try await server.slot(SlotSketch("15:00", "16:00"), at: venue)
            try await server.admin.remove(removed).success()
            let members = try await server.members("ana", "ben")
            let reservation: Reservation = try await members[1].reserve(slots[0]).success().decode()
            return Scene(
                venue: venue, slots: slots, token: server.admin.token, removedSlot: removed.id.rawValue,
                reservation: reservation.id.rawValue)
        }
    }

    /// One server's life: something is booked before the followers come and something after, and they hear all of it, each in its place.
    ///
    /// - Returns: the epoch of its log.
    private static func watched(
        on database: String, _ directory: TestDirectory, _ time: ManualTime, _ followers: [Follower], _ harbour: Harbour,
        _ booking: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws -> String {
        try await TestServer.run(in: directory, time: time, adjust: serving(database)) { server in
            try await booking(server)
            await harbour.open(at: server.port)
            let connection = try await server.admin.connect()
            var epochs: Set<String> = []
            for follower in followers {
                let channel = follower.subscription.channel
                let top = try #require(try await connection.subscribe(channel).position)
                #expect(await follower.subscription.hasReached(top.offset, within: .seconds(20)))
                let log = try await connection.log(of: channel).map(LoggedEvent.init)
                #expect(follower.heard == log)
                epochs.insert(top.epoch)
            }
            await connection.close()
            await harbour.close()
            #expect(epochs.count == 1)
            return epochs.first ?? ""
        }
    }

    // MARK: Refusals

    @Test func `a database that is not empty, or is served, is not moved to, and a file that is served not moved from`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        try await TestServer.run(in: directory, adjust: Self.serving(Self.file(of: directory))) { _ in
            let served = try await Self.move(directory)
            #expect(served.ending == .exited(status: 1) && served.printed.contains("is in use"), "\(served.printed)")
        }
        try await TestServer.run(in: directory) { server in
            _ = try await server.member("ana")
            let serving = try await Self.move(directory)
            #expect(serving.ending == .exited(status: 1) && serving.printed.contains("is in use"), "\(serving.printed)")
        }
        let full = try await Self.move(directory)
        #expect(full.ending == .exited(status: 1) && full.printed.contains("is not empty"), "\(full.printed)")
        try await TestServer.run(in: directory) { server in _ = try await server.signIn("ana") }
    }

    @Test func `what is not there is not moved, and no file is made of it`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let missing = try await Self.move(directory)
        #expect(missing.ending == .exited(status: 1) && missing.printed.contains("there is no"), "\(missing.printed)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.url.path).isEmpty)

        let file = directory.url.appending(path: "test.sqlite").path
        _ = FileManager.default.createFile(atPath: file, contents: nil)
        let empty = try await Self.move(directory)
        #expect(empty.ending == .exited(status: 1) && empty.printed.contains("holds no data of Ringside"), "\(empty.printed)")
        try Data("no database, but long enough to have been one, had somebody written it".utf8).write(to: URL(filePath: file))
        let other = try await Self.move(directory)
        #expect(other.ending == .exited(status: 1) && other.printed.contains("broken"), "\(other.printed)")
    }

    @Test func `only a file is moved, only to PostgreSQL, and both have to be named`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let file = Self.file(of: directory)
        for (from, to) in [(directory.databaseURL, file), (file, file), (directory.databaseURL, directory.databaseURL)] {
            let refused = try await ServerProcess.command("migrate", "--from", from, "--to", to)
            #expect(refused.ending == .exited(status: 1) && refused.printed.contains("only sqlite://"), "\(refused.printed)")
        }
        let half = try await ServerProcess.command("migrate", "--from", file)
        #expect(half.ending == .exited(status: 64) && half.printed.contains("belong together"), "\(half.printed)")
        let both = try await ServerProcess.command("migrate", "--from", file, "--to", directory.databaseURL, "--database", file)
        #expect(both.ending == .exited(status: 64) && both.printed.contains("either"), "\(both.printed)")
    }

    @Test func `a file of another release is not moved, and a move that fails in the middle leaves nothing`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        try await TestServer.run(in: directory, adjust: Self.serving(Self.file(of: directory))) { _ = try await $0.member("ana") }
        let refusals = [
            (
                """
                CREATE TABLE latest AS SELECT * FROM migration ORDER BY number DESC LIMIT 1;
                DELETE FROM migration WHERE number IN (SELECT number FROM latest)
                """, "of an older release"
            ),
            (
                """
                INSERT INTO migration SELECT * FROM latest;
                DROP TABLE latest;
                INSERT INTO migration VALUES (99, 'what is to come', 0)
                """, "databaseIsNewer"
            ),
            ("DELETE FROM migration WHERE number = 99; UPDATE session SET expires_at = 'soon'", "session.expires_at does not fit"),
        ]
        for (change, reason) in refusals {
            try Self.change(directory, change)
            let refused = try await Self.move(directory)
            #expect(refused.ending == .exited(status: 1) && refused.printed.contains(reason), "\(refused.printed)")
        }
        // Had anything stayed of these attempts, the database would not be empty.
        try Self.change(directory, "UPDATE session SET expires_at = 0")
        let moved = try await Self.move(directory)
        #expect(moved.ending == .exited(status: 0), "\(moved.printed)")
        try await TestServer.run(in: directory) { server in _ = try await server.signIn("ana") }
    }

    // MARK: The file

    private static func file(of directory: TestDirectory) -> String { "sqlite://\(directory.url.appending(path: "test.sqlite").path)" }

    private static func serving(_ database: String) -> @Sendable (inout Configuration) -> Void {
        { configuration in
            if let location = DatabaseLocation(url: database) { configuration.database = location }
        }
    }

    private static func move(_ directory: TestDirectory) async throws -> (ending: ServerProcess.Ending, printed: String) {
        try await ServerProcess.command("migrate", "--from", file(of: directory), "--to", directory.databaseURL)
    }

    private static func change(_ directory: TestDirectory, _ statements: String) throws {
        let queue = try DatabaseQueue(path: directory.url.appending(path: "test.sqlite").path)
        try queue.inDatabase { try $0.execute(sql: statements) }
        try queue.close()
    }
}
