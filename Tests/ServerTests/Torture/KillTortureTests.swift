import Client
import SeededRandom
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(60))) struct KillTortureTests {
    private static let venues = 3
    private static let bareReaders = 3
    private static let bytesMax = 30_000
    /// The most changes that are acknowledged between two kills.
    private static let changesMax = 60
    /// How far readers may be behind when a server begins: who missed more than a resumption brings would have to begin anew.
    private static let lead: UInt64 = 100

    @Test func `a server that is killed again and again, behind a network that fails, loses, repeats and reorders nothing`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let site = try await TortureSite.prepare(in: directory, venues: Self.venues)
        let harbour = Harbour()
        let planner: FaultProxy.Planner = { .random(seed: TortureSize.seed &+ 1, connection: $0, bytesMax: Self.bytesMax) }

        try await FaultProxy.run(to: 1, plan: planner) { proxy in
            let ready: @Sendable () async throws -> Int = {
                _ = try await harbour.serverPort()
                return proxy.port
            }
            let readers = TortureReaders(of: site.channels, token: site.token, bareCount: Self.bareReaders, ready: ready)
            do {
                var logs: [String: [SequenceEntry]] = [:]
                var generator = SplitMix64(seed: TortureSize.seed)
                try await readers.read(through: proxy, ready: ready) {
                    for round in 1...TortureSize.kills {
                        let changes = generator.number(in: 1...Self.changesMax)
                        try await Self.serveAndKill(site, in: directory, at: harbour, through: proxy, readers, round, after: changes)
                    }
                } ending: { everybodyCatchesUp in
                    // The whole log is read by one connection.
                    try await ServerProcess.run(in: directory, settings: TortureSite.crowdSettings) { server in
                        proxy.redirect(to: server.port)
                        await harbour.open(at: server.port)
                        let direct = try await site.connect(to: server.port)
                        try await everybodyCatchesUp(try await direct.tops(of: site.channels))
                        logs = try await direct.logs(of: site.channels)
                        await direct.close()
                    }
                }
                for (channel, log) in logs { #expect(log.map(\.offset) == log.indices.map { UInt64($0) + 1 }, "\(channel)") }
                readers.expectFlawless(logs)
                #expect(proxy.tally.isComplete, "\(proxy.tally)")
            } catch {
                await harbour.abandon()
                throw error
            }
        }
    }

    /// Serves until so many changes are acknowledged, and is killed while others are under way.
    private static func serveAndKill(
        _ site: TortureSite, in directory: TestDirectory, at harbour: Harbour, through proxy: FaultProxy, _ readers: TortureReaders,
        _ round: Int, after changes: Int
    ) async throws {
        try await ServerProcess.run(in: directory) { server in
            proxy.redirect(to: server.port)
            await harbour.open(at: server.port)
            let direct = try await site.connect(to: server.port)
            let tops = try await direct.tops(of: site.channels)
            direct.cut()
            try await readers.haveReached(tops.mapValues { $0 > lead ? $0 - lead : 0 })
            try await site.withNewsroom(at: server.port) { newsroom in
                let milestones = Milestones()
                async let publishing: Void = publish(newsroom, "round \(round)", milestones)
                await milestones.reached(changes)
                newsroom.stop()
                await harbour.close()
                await server.kill()
                await publishing
            }
        }
    }

    private static func publish(_ newsroom: Newsroom, _ label: String, _ milestones: Milestones) async {
        await newsroom.publishUntilStopped(label: label) { await milestones.advance() }
        await milestones.end()
    }
}
