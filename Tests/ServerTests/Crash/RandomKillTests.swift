import Client
import GRDB
import NIOCore
import NIOPosix
import SeededRandom
import ServerTesting
import Testing
import Wire

/// The server is killed whenever it happens to be: between two bookings, in one, in the commit of many, in the folding of the log.
@Suite(.enabled(if: TestDirectory.isOnSQLite, "it is about SQLite's files"), .timeLimit(.minutes(60))) struct RandomKillTests {
    private static let connections = 8
    /// What is acknowledged before a kill at most, and what a round may take on the way to its end.
    private static let bookingsMax = 12
    private static let bookingsPerRound = 20
    private static let delayMicrosecondsMax = 4_000

    @Test func `killed at any moment, a server finds a sound file and every acknowledged booking, none double or half`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let bookings = TortureSize.crashes * Self.bookingsPerRound
        let site = try await StormSite.prepare(in: directory, days: bookings / (StormSite.members * StormSite.slotsPerDay) + 1)
        let storm = BookingStorm(site.attempts(seed: TortureSize.seed))
        var generator = SplitMix64(seed: TortureSize.seed &+ 2)
        var epochs: Set<String> = []

        for _ in 1...TortureSize.crashes {
            let bookings = generator.number(in: 1...Self.bookingsMax)
            let delay = TimeAmount.microseconds(Int64(generator.number(in: 0...Self.delayMicrosecondsMax)))
            try await ServerProcess.run(in: directory) { server in
                let epoch = try await Self.serve(storm, on: server, of: site, in: directory, until: bookings) {
                    // Not right after an answer, where every kill would meet the server at the same point.
                    try? await MultiThreadedEventLoopGroup.singleton.any().scheduleTask(in: delay) {}.futureResult.get()
                    await server.kill()
                }
                epochs.insert(epoch)
            }
        }
        try await ServerProcess.run(in: directory) { server in
            epochs.insert(try await Self.serve(storm, on: server, of: site, in: directory))
            let audit = try await RESTClient.run(port: server.port) { rest in try await site.audit(at: server, over: rest) }
            #expect(Set(storm.acknowledged.values) == Set(audit.standing.keys))
            #expect(try await server.terminate() == .exited(status: 0))
            #expect(!server.printed.contains(" error "))
        }
        #expect(storm.refusals.isEmpty)
        #expect(storm.acknowledged.count == site.members.count * site.slots.count)
        #expect(epochs.count == 1)
        #expect(storm.unanswered >= TortureSize.crashes, "else some kill has met no request under way")
    }

    /// One server's life: first what the last one left is looked at, then the storm goes on.
    ///
    /// - Returns: the epoch of its log.
    private static func serve(
        _ storm: BookingStorm, on server: ServerProcess, of site: StormSite, in directory: TestDirectory, until count: Int = .max,
        strike: @escaping @Sendable () async -> Void = {}
    ) async throws -> String {
        try expectSoundFile(in: directory)
        return try await RESTClient.run(port: server.port, connectionsMax: connections) { rest in
            let audit = try await site.audit(at: server, over: rest)
            for (attempt, id) in storm.acknowledged {
                #expect(audit.standing[id]?.userID == attempt.userID)
                #expect(audit.standing[id]?.timeSlotID == attempt.timeSlotID)
            }
            await storm.rage(on: rest, connections: connections, until: count, isCalmForStrike: false, strike: strike)
            return audit.epoch
        }
    }

    /// By SQLite's own judgement, on the file that the new server has opened.
    private static func expectSoundFile(in directory: TestDirectory) throws {
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: directory.url.appending(path: "test.sqlite").path, configuration: configuration)
        let findings = try queue.read { database in
            try ["integrity_check", "foreign_key_check"].flatMap { try String.fetchAll(database, sql: "PRAGMA \($0)") }
        }
        try queue.close()
        #expect(findings == ["ok"])
    }
}
