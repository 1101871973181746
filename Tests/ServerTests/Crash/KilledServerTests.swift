import Client
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(2))) struct KilledServerTests {
    private static let rounds = 3
    private static let connections = 8
    private static let bookingsPerRound = 80

    @Test func `a server killed in a storm loses and halves no booking, and its watchers miss and repeat nothing`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let site = try await StormSite.prepare(in: directory)
        let storm = BookingStorm(site.attempts(seed: 0x0DEA_D5E7))
        let harbour = Harbour()
        let followers = Self.followers(of: site, in: harbour)
        var epochs: Set<String> = []

        try await withThrowingTaskGroup(of: Void.self) { group in
            for follower in followers { group.addTask { try await follower.subscription.run() } }
            do {
                for _ in 1...Self.rounds {
                    try await ServerProcess.run(in: directory) { server in
                        let epoch = try await Self.serve(storm, on: server, of: site, followers, harbour, until: Self.bookingsPerRound) {
                            await harbour.close()
                            await server.kill()
                        }
                        epochs.insert(epoch)
                    }
                }
                try await ServerProcess.run(in: directory) { server in
                    epochs.insert(try await Self.serve(storm, on: server, of: site, followers, harbour))
                    try await Self.expectEverythingBookedOnce(storm, on: server, of: site)
                    try await Self.expectEverythingHeardOnce(followers, on: server, of: site)
                    group.cancelAll()
                    try await group.waitForAll()
                    #expect(try await server.terminate() == .exited(status: 0))
                    #expect(!server.printed.contains(" error "))
                }
            } catch {
                await harbour.abandon()
                throw error
            }
        }

        #expect(epochs.count == 1)
        // Else no kill has met a request under way, or no watcher was cut.
        #expect(storm.unanswered > 0)
        for follower in followers { #expect(follower.subscription.counts.resumes == Self.rounds) }
    }

    /// One server's life: first what the last one left is looked at, then the storm goes on with what was not answered.
    ///
    /// - Returns: the epoch of its log.
    private static func serve(
        _ storm: BookingStorm, on server: ServerProcess, of site: StormSite, _ followers: [Follower], _ harbour: Harbour,
        until count: Int = .max, strike: @escaping @Sendable () async -> Void = {}
    ) async throws -> String {
        try await RESTClient.run(port: server.port, connectionsMax: connections) { rest in
            let audit = try await site.audit(at: server, over: rest)
            for (attempt, id) in storm.acknowledged {
                #expect(audit.standing[id]?.userID == attempt.userID)
                #expect(audit.standing[id]?.timeSlotID == attempt.timeSlotID)
            }
            await harbour.open(at: server.port)
            await harbour.everybodyHasArrived(followers.count)
            await storm.rage(on: rest, connections: connections, until: count, strike: strike)
            return audit.epoch
        }
    }

    private static func expectEverythingBookedOnce(_ storm: BookingStorm, on server: ServerProcess, of site: StormSite) async throws {
        let audit = try await RESTClient.run(port: server.port) { rest in try await site.audit(at: server, over: rest) }
        #expect(storm.refusals.isEmpty)
        #expect(storm.acknowledged.count == site.members.count * site.slots.count)
        #expect(Set(storm.acknowledged.values) == Set(audit.standing.keys))
    }

    // MARK: Watchers

    /// Several of the public calendar and of the staff's, from the beginning.
    private static func followers(of site: StormSite, in harbour: Harbour) -> [Follower] {
        let token = site.admin.token
        return [site.venue.calendarChannel, site.venue.operationsChannel].flatMap { channel in
            (0..<3).map { _ in
                Follower(channel, since: StreamPosition(epoch: "", offset: 0)) {
                    let connection = try await LiveConnection.connect(port: try await harbour.serverPort(), token: token)
                    await harbour.arrived()
                    return connection
                }
            }
        }
    }

    private static func expectEverythingHeardOnce(_ followers: [Follower], on server: ServerProcess, of site: StormSite) async throws {
        let connection = try await LiveConnection.connect(port: server.port, token: site.admin.token)
        for follower in followers {
            let channel = follower.subscription.channel
            let top = try #require(try await connection.subscribe(channel).position)
            #expect(await follower.subscription.hasReached(top.offset, within: .seconds(20)))
            let log = try await connection.log(of: channel).map(LoggedEvent.init)
            #expect(follower.isFlawless)
            #expect(follower.heard == log)
            try await connection.unsubscribe(channel)
        }
        await connection.close()
    }
}
