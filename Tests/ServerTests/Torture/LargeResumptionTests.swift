import Client
import Gym
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(5))) struct LargeResumptionTests {
    private static let venues = 8
    /// Some 8 KB each, so that what is missed of every channel is close to the most that a resumption brings.
    private static let changes = 55
    private static let notice = String(repeating: "\u{1F3CB}", count: 1_990)

    /// All channels in one frame, as clients of the protocol subscribe when they come back: together more than a connection's queue holds.
    @Test func `who missed much of many channels gets all of it on one connection`() async throws {
        try await withMuchMissed { server, positions, tops in
            let follower = BareFollower(token: server.admin.token, since: positions)
            follower.finish(at: tops)
            let port = server.port
            await follower.run { port }

            for channel in positions.keys { #expect(follower.heard(channel).count == Self.changes) }
            #expect(follower.counts.notRecovered == 0)
            #expect(follower.counts.closes == [:])
        }
    }

    /// One channel after the other, as the client takes them: it is never sent away as slow.
    @Test func `who missed much of many channels gets there over a narrow line, too`() async throws {
        try await withMuchMissed { server, positions, tops in
            var plan = SwarmPlan(count: 1, channels: positions.keys.sorted(), token: server.admin.token)
            plan.positions = positions
            plan.receiveBufferBytes = 4_096
            let port = server.port
            try await Swarm.run(plan, port: { port }) { swarm in
                try await swarm.hasReached(tops.values.min() ?? 0, within: .seconds(30))
                let tally = try await swarm.tally()
                #expect(tally.delivered == positions.count * Self.changes)
                #expect((tally.gaps, tally.duplicates, tally.notRecovered) == (0, 0, 0), "\(tally)")
                #expect(tally.closes == [:])
            }
        }
    }

    private func withMuchMissed(
        _ body: @escaping @Sendable (TestServer, _ positions: [String: StreamPosition], _ tops: [String: UInt64]) async throws -> Void
    ) async throws {
        try await TestServer.run { server in
            var venues: [Venue] = []
            for _ in 0..<Self.venues { venues.append(try await server.venue()) }
            let channels = Newsroom.channels(of: venues)
            let direct = try await server.admin.connect()
            let positions = try await direct.positions(of: channels)
            for number in 1...Self.changes {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for venue in venues { group.addTask { try await server.announce("\(number) \(Self.notice)", at: venue) } }
                    try await group.waitForAll()
                }
            }
            try await body(server, positions, try await direct.tops(of: channels))
            await direct.close()
        }
    }
}
