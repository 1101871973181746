import Client
import ServerTesting
import Synchronization
import Testing
import Wire

@Suite(.timeLimit(.minutes(2))) struct KilledServerTests {
    private static let rounds = 3
    private static let connections = 8
    private static let bookingsPerRound = 80

    /// Where the server is at the moment; the watchers ask for it each time they come back.
    private final class Address: Sendable {
        private let current = Mutex(0)

        var port: Int {
            get { current.withLock { $0 } }
            set { current.withLock { $0 = newValue } }
        }
    }

    @Test func `a server killed in a storm loses and halves no booking, and its watchers miss and repeat nothing`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let site = try await StormSite.prepare(in: directory)
        let storm = BookingStorm(site.attempts(seed: 0x0DEA_D5E7))
        let address = Address()
        let followers = Self.followers(of: site, at: address)
        var epochs: Set<String> = []

        try await withThrowingTaskGroup(of: Void.self) { group in
            for round in 1...Self.rounds {
                try await ServerProcess.run(in: directory) { server in
                    address.port = server.port
                    if round == 1 { try await Self.start(followers, in: &group) }
                    epochs.insert(try await Self.storm(storm, on: server, of: site) { await server.kill() })
                }
            }
            try await ServerProcess.run(in: directory) { server in
                address.port = server.port
                epochs.insert(try await Self.storm(storm, on: server, of: site))
                try await Self.expectEverythingBookedOnce(storm, on: server, of: site)
                try await Self.expectEverythingHeardOnce(followers, on: server, of: site)
                group.cancelAll()
                try await group.waitForAll()
                #expect(try await server.terminate() == .exited(status: 0))
                #expect(!server.printed.contains(" error "))
            }
        }

        #expect(epochs.count == 1)
        // Else no kill has met a request under way, or no watcher was cut.
        #expect(storm.unanswered > 0)
        for follower in followers { #expect(follower.subscription.counts.resumes >= Self.rounds) }
    }

    /// One server's life: first what the last one left is looked at, then the storm goes on with what was not answered.
    private static func storm(
        _ storm: BookingStorm, on server: ServerProcess, of site: StormSite, strike: (@Sendable () async -> Void)? = nil
    ) async throws -> String {
        let rest = RESTClient(port: server.port, connectionsMax: connections)
        do {
            let audit = try await site.audit(at: server, over: rest)
            for (attempt, id) in storm.acknowledged {
                #expect(audit.standing[id]?.userID == attempt.userID)
                #expect(audit.standing[id]?.timeSlotID == attempt.timeSlotID)
            }
            if let strike {
                await storm.rage(on: rest, connections: connections, until: bookingsPerRound, strike: strike)
            } else {
                await storm.rage(on: rest, connections: connections)
            }
            try await rest.close()
            return audit.epoch
        } catch {
            try? await rest.close()
            throw error
        }
    }

    private static func expectEverythingBookedOnce(_ storm: BookingStorm, on server: ServerProcess, of site: StormSite) async throws {
        let rest = RESTClient(port: server.port)
        let audit = try await site.audit(at: server, over: rest)
        try await rest.close()
        #expect(storm.refusals.isEmpty)
        #expect(storm.acknowledged.count == site.members.count * site.slots.count)
        #expect(Set(storm.acknowledged.values) == Set(audit.standing.keys))
    }

    // MARK: Watchers

    /// Of the public calendar, of the staff's, and of each member's own news.
    private static func followers(of site: StormSite, at address: Address) -> [Follower] {
        let admin = site.admin
        return [site.venue.calendarChannel, site.venue.operationsChannel, site.venue.calendarChannel].map { channel in
            Follower(channel, since: nil) { try await LiveConnection.connect(port: address.port, token: admin.token) }
        }
    }

    private static func start(_ followers: [Follower], in group: inout ThrowingTaskGroup<Void, any Error>) async throws {
        for follower in followers {
            group.addTask { try await follower.subscription.run() }
            #expect(await follower.subscription.isSubscribed(within: .seconds(10)))
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
            #expect(follower.heard == log.suffix(follower.heard.count))
            // Slots were there before the followers; every booking came after.
            #expect(log.count - follower.heard.count == site.slots.count)
            try await connection.unsubscribe(channel)
        }
        await connection.close()
    }
}
