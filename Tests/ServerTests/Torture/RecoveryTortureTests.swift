import Client
import Gym
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(30))) struct RecoveryTortureTests {
    private static let bareReaders = 4
    /// A connection carries at most so many bytes before its end.
    private static let bytesMax = 60_000
    /// Each channel keeps some ten thousand events, and the log is what everybody is held against.
    private static let changesPerVenueMax = 8_000

    @Test func `over a network that fails at every step everybody hears everything once and in order`() async throws {
        let venueCount = max(4, TortureSize.publications / 2 / Self.changesPerVenueMax + 1)
        try await TestServer.run(adjust: {
            $0.hub.connectionsPerUserMax = 10_000
            // All readers are one user here, and one of them reads the whole log in the end.
            $0.hub.commandsPerSecond = 100_000
            $0.hub.commandsBurst = 100_000
            $0.hub.userCommandsPerSecond = 100_000
            $0.hub.userCommandsBurst = 100_000
        }) { server in
            var venues: [Venue] = []
            for _ in 0..<venueCount { venues.append(try await server.venue()) }
            let channels = Newsroom.channels(of: venues)
            let planner: FaultProxy.Planner = { .random(seed: TortureSize.seed, connection: $0, bytesMax: Self.bytesMax) }

            try await FaultProxy.run(to: server.port, plan: planner) { proxy in
                let ready: @Sendable () async throws -> Int = { proxy.port }
                let readers = TortureReaders(of: channels, token: server.admin.token, bareCount: Self.bareReaders, ready: ready)
                let direct = try await server.admin.connect()
                let bases = try await direct.tops(of: channels)

                let changes = TortureSize.publications / 2 / venueCount
                try await readers.read(through: proxy, ready: ready) {
                    try await Newsroom(venues, rest: server.admin.rest)
                        .publish(changesPerVenue: changes, from: bases, pacedBy: readers.all)
                } ending: { everybodyCatchesUp in
                    let tops = try await direct.tops(of: channels)
                    for channel in channels { #expect(tops[channel] == bases[channel, default: 0] + UInt64(changes)) }
                    try await everybodyCatchesUp(tops)
                }

                let logs = try await direct.logs(of: channels)
                for (channel, log) in logs { #expect(log.map(\.offset) == log.indices.map { UInt64($0) + 1 }, "\(channel)") }
                readers.expectFlawless(logs)
                // Else nothing was tried.
                #expect(proxy.tally.isComplete, "\(proxy.tally)")
                #expect(readers.bare.allSatisfy { $0.counts.recovered > 0 && $0.counts.arrivals > 1 })
                await direct.close()
            }
        }
    }
}
