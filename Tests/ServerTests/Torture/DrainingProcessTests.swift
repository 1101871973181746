import Client
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(5))) struct DrainingProcessTests {
    private static let settings = TortureSite.crowdSettings.merging(["RINGSIDE_DRAIN_SECONDS": "3"]) { $1 }
    /// Enough that the closes are spread over three seconds.
    private static let clients = 1_100

    @Test func `a server that leaves refuses sockets, answers requests, empties its queues and spreads the goodbyes`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let site = try await TortureSite.prepare(in: directory, venues: 1)
        let channel = site.venues[0].calendarChannel
        let plan = SwarmPlan(count: Self.clients, channels: [channel], token: site.token)
        let port = SharedPort(1)

        try await Swarm.run(plan, port: { port.value }) { swarm in
            let reached = try await ServerProcess.run(in: directory, settings: Self.settings) { server in
                port.value = server.port
                try await swarm.isLive(within: .seconds(60))
                let witness = try await site.connect(to: server.port)
                _ = try await witness.subscribe(channel)
                let clock = ContinuousClock.now
                let base = try await RESTClient.run(port: server.port, token: site.token) { rest in
                    let newsroom = Newsroom(site.venues, rest: rest)
                    let base = try await witness.tops(of: [site.venues[0].operationsChannel]).values.first ?? 0

                    server.askToStop()
                    try await Self.isUnready(rest)
                    await #expect(throws: ClientError.upgradeRefused(status: 503)) {
                        _ = try await LiveConnection.open(port: server.port)
                    }
                    // Written while the sockets are being sent away; some hear it at once, the others after they have resumed.
                    try await newsroom.publish("we are leaving", at: site.venues[0])
                    let closed = await witness.closed()
                    #expect(closed == ClosedConnection(code: 3001, reason: "shutdown"))
                    #expect(try await server.ended() == .exited(status: 0))
                    let took = ContinuousClock.now - clock
                    #expect(took > .seconds(1) && took < .seconds(12), "\(took)")
                    return base
                }

                let tally = try await swarm.tally()
                #expect(tally.closes == [3001: Self.clients], "\(tally)")
                #expect(!server.printed.contains(" error "))
                return base + 1
            }
            try await ServerProcess.run(in: directory, settings: Self.settings) { server in
                port.value = server.port
                try await swarm.hasReached(reached, within: .seconds(60))
                let tally = try await swarm.tally()
                #expect((tally.duplicates, tally.gaps, tally.notRecovered) == (0, 0, 0), "\(tally)")
            }
        }
    }

    @Test func `a second signal ends a server that is leaving at once`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let site = try await TortureSite.prepare(in: directory, venues: 1)
        let plan = SwarmPlan(count: Self.clients, channels: [site.venues[0].calendarChannel], token: site.token)
        let settings = TortureSite.crowdSettings.merging(["RINGSIDE_DRAIN_SECONDS": "300"]) { $1 }

        try await ServerProcess.run(in: directory, settings: settings) { server in
            let port = server.port
            try await Swarm.run(plan, port: { port }) { swarm in
                try await swarm.isLive(within: .seconds(60))
                try await RESTClient.run(port: port) { rest in
                    server.askToStop()
                    try await Self.isUnready(rest)
                    #expect(try await server.terminate() == .killed(signal: 15))
                }
            }
        }
        // What was acknowledged before is there, and nothing keeps the next server from starting.
        try await ServerProcess.run(in: directory) { server in
            let direct = try await site.connect(to: server.port)
            #expect(try await direct.subscribe(site.venues[0].calendarChannel).position != nil)
            await direct.close()
        }
    }

    /// Asks until the server calls itself unready; a signal takes a moment to arrive.
    private static func isUnready(_ rest: RESTClient) async throws {
        while try await rest.get("/readyz").status != 503 {}
    }
}
