import ServerTesting
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(30))) struct ReconnectStormTests {
    private static let broadcasts = 20

    @Test func `after a kill everybody is back, and has lost nothing`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let site = try await TortureSite.prepare(in: directory, venues: 2)
        let channels = site.venues.map(\.calendarChannel)
        let plan = SwarmPlan(count: TortureSize.stormClients, channels: channels, token: site.token)
        // No server at first.
        let port = SharedPort(1)

        try await Swarm.run(plan, port: { port.value }) { swarm in
            let reached = try await ServerProcess.run(in: directory, settings: TortureSite.crowdSettings) { server in
                port.value = server.port
                try await swarm.isLive(within: .seconds(120))
                let base = try await site.broadcast(Self.broadcasts, at: server.port)
                try await swarm.hasReached(base + UInt64(Self.broadcasts), within: .seconds(60))
                // Told and not yet heard by everybody when the end comes.
                return try await site.broadcast(Self.broadcasts, at: server.port) + UInt64(Self.broadcasts)
            }
            try await ServerProcess.run(in: directory, settings: TortureSite.crowdSettings) { server in
                port.value = server.port
                try await swarm.hasReached(reached, within: .seconds(120))
                try await swarm.isLive(within: .seconds(120))
                let base = try await site.broadcast(Self.broadcasts, at: server.port)
                #expect(base == reached)
                try await swarm.hasReached(base + UInt64(Self.broadcasts), within: .seconds(60))

                let tally = try await swarm.tally()
                #expect(tally.delivered == plan.count * channels.count * Self.broadcasts * 3, "\(tally)")
                #expect((tally.duplicates, tally.gaps, tally.notRecovered) == (0, 0, 0), "\(tally)")
                #expect(tally.resumes >= plan.count * channels.count)
                #expect(!server.printed.contains(" error "))
            }
        }
    }
}

/// Where the server of the moment is.
final class SharedPort: Sendable {
    private let port: Mutex<Int>

    init(_ port: Int) { self.port = Mutex(port) }

    var value: Int {
        get { port.withLock { $0 } }
        set { port.withLock { $0 = newValue } }
    }
}

extension TortureSite {
    /// Changes each venue so many times.
    ///
    /// - Returns: where the first venue's calendar stood before.
    func broadcast(_ count: Int, at port: Int) async throws -> UInt64 {
        let direct = try await connect(to: port)
        let base = try await direct.tops(of: [venues[0].calendarChannel])[venues[0].calendarChannel] ?? 0
        await direct.close()
        try await withNewsroom(at: port) { try await $0.publish(changesPerVenue: count) }
        return base
    }
}
