import Client
import Gym
import Realtime
import Server
import ServerTesting
import Testing
import Wire

/// One connection's whole life, cut, held up and split at every byte of either direction.
@Suite(.timeLimit(.minutes(60))) struct ByteSweepTests {
    private static let visit = BareFollower.Visit(publications: 3, pings: 1)
    /// Connections that live and die together, and share the three publications.
    private static let batch = 120

    @Test func `wherever a connection is cut, the next one continues exactly there`() async throws {
        let adjust: @Sendable (inout Configuration) -> Void = {
            $0.hub.connectionsPerUserMax = 10_000
            $0.hub.pingSeconds = 3
            $0.hub.pongSeconds = 2
        }
        try await TestServer.run(adjust: adjust) { server in
            let venue = try await server.venue()
            let sweep = Sweep(server: server, venue: venue)
            // What a connection without faults carries, with some room: lengths differ by a few bytes.
            let (toServer, toClient) = try await sweep.measure()
            var plans: [FaultPlan] = []
            for actions in [Self.endings, Self.delays] {
                plans += Self.plans(actions, .toServer, through: toServer + 20) + Self.plans(actions, .toClient, through: toClient + 20)
            }
            for start in stride(from: 0, to: plans.count, by: Self.batch) {
                try await sweep.run(Array(plans[start..<min(start + Self.batch, plans.count)]))
            }
        }
    }

    private static let endings: [Fault.Action] = [
        .cut(.reset), .cut(.finish), .stall(turns: 50, .reset), .orphan(turns: 200), .cut(.reset), .stall(turns: 10, .finish),
    ]
    /// After these a connection goes on.
    private static let delays: [Fault.Action] = [.hold(turns: 20), .trickle(bytes: 40), .hold(turns: 200), .trickle(bytes: 7)]

    /// A plan for every byte, or every so many of them; the actions take turns.
    private static func plans(_ actions: [Fault.Action], _ direction: Fault.Direction, through last: Int) -> [FaultPlan] {
        stride(from: 0, through: last, by: TortureSize.sweepStride).enumerated().map { number, offset in
            FaultPlan([Fault(direction, at: offset, actions[number % actions.count])])
        }
    }

    private struct Sweep: Sendable {
        let server: TestServer
        let venue: Venue

        private var channels: [String] { [venue.calendarChannel, venue.operationsChannel] }

        /// - Returns: the bytes in either direction of a connection that nothing happens to.
        func measure() async throws -> (toServer: Int, toClient: Int) {
            try await FaultProxy.run(to: server.port, plan: { _ in .none }) { proxy in
                try await visit(1, through: proxy)
                return (proxy.tally.bytesToServers, proxy.tally.bytesToClients)
            }
        }

        /// So many connections at once, each with its plan, and another one for each of them afterwards.
        func run(_ plans: [FaultPlan]) async throws {
            try await FaultProxy.run(to: server.port, plan: { plans[$0] }) { proxy in
                try await visit(plans.count, through: proxy)
            }
        }

        private func visit(_ count: Int, through proxy: FaultProxy) async throws {
            let direct = try await server.admin.connect()
            let bases = try await direct.positions(of: channels)
            let followers = (0..<count).map { _ in BareFollower(token: server.admin.token, since: bases) }
            let milestones = Milestones()
            let (port, visit) = (proxy.port, ByteSweepTests.visit)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for follower in followers {
                    group.addTask {
                        let arrival = Arrival(milestones)
                        try? await follower.visit(port: port, until: visit) { await arrival.happened() }
                        await arrival.happened()
                    }
                }
                // Everybody is subscribed or gone.
                await milestones.reached(count)
                try await server.announce(times: visit.publications, at: venue)
                try await group.waitForAll()
            }

            let tops = try await direct.tops(of: channels)
            let serverPort = server.port
            await withTaskGroup(of: Void.self) { group in
                for follower in followers {
                    follower.finish(at: tops)
                    group.addTask { await follower.run { serverPort } }
                }
            }
            let logs = try await direct.logs(of: channels)
            for (number, follower) in followers.enumerated() {
                for channel in channels {
                    let log = (logs[channel] ?? []).filter { $0.offset > bases[channel]?.offset ?? 0 }
                    let verdict = SequenceVerdict(heard: follower.heard(channel), log: log)
                    #expect(verdict.isFlawless, "connection \(number) of \(count), \(channel): \(verdict)")
                }
                #expect(follower.counts.notRecovered == 0)
                #expect(follower.counts.violations == [])
            }
            await direct.close()
        }
    }

    /// Counts once, whatever comes first.
    private actor Arrival {
        private let milestones: Milestones
        private var hasHappened = false

        init(_ milestones: Milestones) { self.milestones = milestones }

        func happened() async {
            guard !hasHappened else { return }
            hasHappened = true
            await milestones.advance()
        }
    }
}

extension LiveConnection {
    /// Where channels stand, with the epoch.
    func positions(of channels: [String]) async throws -> [String: StreamPosition] {
        var positions: [String: StreamPosition] = [:]
        for channel in channels {
            positions[channel] = try await subscribe(channel).position
            try await unsubscribe(channel)
        }
        return positions
    }
}
