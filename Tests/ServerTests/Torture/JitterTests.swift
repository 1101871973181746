import NIOCore
import ServerTesting
import Testing

@Suite(.timeLimit(.minutes(30))) struct JitterTests {
    @Test func `clients whose network comes and goes get every broadcast, and none twice`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let site = try await TortureSite.prepare(in: directory, venues: 1)
        let channel = site.channels[0]
        var plan = SwarmPlan(count: TortureSize.jitterClients, channels: [channel], token: site.token)
        plan.seed = TortureSize.seed
        plan.rhythm = .init(
            interval: .milliseconds(Int64(TortureSize.jitterIntervalMilliseconds)),
            offline: .milliseconds(Int64(TortureSize.jitterOfflineMilliseconds))
        )

        try await ServerProcess.run(in: directory, settings: TortureSite.crowdSettings) { server in
            let port = server.port
            let direct = try await site.connect(to: port)
            let base = try #require(try await direct.tops(of: [channel])[channel])
            try await Swarm.run(plan, port: { port }) { swarm in
                try await swarm.hasArrived(within: .seconds(120))
                try await site.withNewsroom(at: port) { newsroom in
                    try await Beat(pause: .milliseconds(Int64(TortureSize.jitterBroadcastMilliseconds))).run(TortureSize.jitterBroadcasts) {
                        try await newsroom.publish("broadcast \($0)", at: site.venues[0])
                    }
                }
                try await swarm.hasReached(base + UInt64(TortureSize.jitterBroadcasts), within: .seconds(120))

                let tally = try await swarm.tally()
                #expect(tally.delivered == plan.count * TortureSize.jitterBroadcasts, "\(tally)")
                #expect((tally.duplicates, tally.gaps, tally.notRecovered) == (0, 0, 0), "\(tally)")
                // Else nobody was cut off when something was said.
                #expect(tally.recovered > 0)
                #expect(tally.closes.isEmpty, "\(tally)")
            }
            await direct.close()
        }
    }
}
