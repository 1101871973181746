import NIOCore
import ServerTesting
import Testing

@Suite(.timeLimit(.minutes(30))) struct SlowReadersTests {
    /// Many channels: what is missed of each stays within what a resumption brings.
    private static let venues = 5
    private static let eagerReaders = 10
    /// The most that the server may grow, whatever its clients do not take: frames are shared, a connection's queue is bounded in bytes.
    private static let baseBytesMax = 96 << 20
    private static let bytesPerReaderMax = 96 << 10
    private static let rounds = 58
    private static let notice = String(repeating: "\u{1F3CB}", count: 1_990)

    @Test func `readers that are slow or stop cost little, hold up nobody and resume without loss`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let site = try await TortureSite.prepare(in: directory, venues: Self.venues)
        var settings = TortureSite.crowdSettings
        // A slow reader takes its time to answer.
        settings["RINGSIDE_PONG_SECONDS"] = "120"
        settings["RINGSIDE_PING_SECONDS"] = "240"

        try await ServerProcess.run(in: directory, settings: settings) { server in
            let port = server.port
            let plans = [Self.plan(.stopped, site), Self.plan(.slow(pause: .milliseconds(300)), site)]
            let eager = SwarmPlan(count: Self.eagerReaders, channels: site.channels, token: site.token)
            try await Swarm.run(eager, port: { port }) { eager in
                try await eager.isLive(within: .seconds(60))
                try await Swarm.run(plans[0], port: { port }) { stopped in
                    try await stopped.isLive(within: .seconds(120))
                    try await Swarm.run(plans[1], port: { port }) { slow in
                        try await slow.isLive(within: .seconds(120))
                        try await Self.flood(server, site, eager, laggards: [stopped, slow])
                    }
                }
            }
        }
    }

    private static func plan(_ reading: SwarmPlan.Reading, _ site: TortureSite) -> SwarmPlan {
        var plan = SwarmPlan(count: TortureSize.slowReaders / 2, channels: site.channels, token: site.token)
        plan.reading = reading
        plan.receiveBufferBytes = 4_096
        return plan
    }

    private static func flood(_ server: ServerProcess, _ site: TortureSite, _ eager: Swarm, laggards: [Swarm]) async throws {
        let before = try server.residentBytes()
        var peak = before
        let direct = try await site.connect(to: server.port)
        let tops = try await direct.tops(of: site.channels)
        #expect(Set(tops.values).count == 1)
        let base = tops.values.first ?? 0
        try await site.withNewsroom(at: server.port) { newsroom in
            for round in 1...rounds {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for venue in site.venues { group.addTask { try await newsroom.publish("\(round) \(notice)", at: venue) } }
                    try await group.waitForAll()
                }
                // Nobody waits for those who do not read.
                try await eager.hasReached(base + UInt64(round), within: .seconds(30))
                peak = max(peak, try server.residentBytes())
            }
        }
        let bound = baseBytesMax + bytesPerReaderMax * TortureSize.slowReaders
        #expect(peak - before < bound, "grew by \((peak - before) >> 20) MB, \(TortureSize.slowReaders) slow readers")

        for swarm in laggards { try await swarm.read(.eager) }
        for swarm in laggards {
            try await swarm.hasReached(base + UInt64(rounds), within: .seconds(600))
            let tally = try await swarm.tally()
            #expect((tally.duplicates, tally.gaps, tally.notRecovered) == (0, 0, 0), "\(tally)")
            // Sent away as slow and for no other reason.
            #expect(Set(tally.closes.keys).isSubset(of: [3008]), "\(tally)")
            #expect(tally.resumes > 0)
        }
        let tally = try await eager.tally()
        #expect((tally.duplicates, tally.gaps, tally.resumes) == (0, 0, 0), "\(tally)")
        #expect(tally.closes.isEmpty)
        await direct.close()
    }
}
