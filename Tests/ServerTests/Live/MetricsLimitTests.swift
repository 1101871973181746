import Client
import Gym
import Server
import ServerTesting
import Testing
import Wire

/// A bound, made small, and somebody who hits it once.
struct LimitCase: Sendable, CustomTestStringConvertible {
    let name: String
    let adjust: @Sendable (inout Configuration) -> Void
    let hit: @Sendable (TestServer, TestUser) async throws -> Void

    init(
        _ name: String, _ adjust: @escaping @Sendable (inout Configuration) -> Void = { _ in },
        _ hit: @escaping @Sendable (TestServer, TestUser) async throws -> Void
    ) {
        self.name = name
        self.adjust = adjust
        self.hit = hit
    }

    var testDescription: String { name }

    private static func ends(_ code: UInt16, _ body: () async throws -> Void) async throws {
        do {
            try await body()
            Issue.record("nothing was closed")
        } catch let closed as ClosedConnection {
            #expect(closed.code == code)
        }
    }

    static let connections: [LimitCase] = [
        LimitCase("connections", { $0.hub.connectionsMax = 0 }) { server, _ in
            let answer = try await HandshakeRequest().answer(port: server.port)
            #expect(answer.status == 503)
        },
        LimitCase("connections_per_user", { $0.hub.connectionsPerUserMax = 1 }) { _, ana in
            let first = try await ana.connect()
            try await ends(3504) { _ = try await ana.connect() }
            await first.close()
        },
        LimitCase("connections_per_address", { $0.hub.connectionsPerAddressMax = 1 }) { _, ana in
            let first = try await ana.connect()
            try await ends(3504) { _ = try await ana.connect() }
            await first.close()
        },
        LimitCase(
            "upgrades",
            {
                $0.upgradesPerSecondMax = 0
                $0.upgradesBurstMax = 0
            }
        ) { server, _ in
            let answer = try await HandshakeRequest().answer(port: server.port)
            #expect(answer.status == 503)
        },
        LimitCase("request_head_bytes") { server, _ in
            let request = HandshakeRequest().with("Cookie", String(repeating: "c", count: 40_000))
            let answer = try await request.answer(port: server.port)
            #expect(answer.status == 431)
        },
        LimitCase("request_bytes") { _, ana in
            let name = String(repeating: "n", count: 2_000_000)
            let answer = try await ana.rest.put("/api/v1/users/me", body: ["username": name])
            #expect(answer.status == 413)
        },
    ]

    static let commands: [LimitCase] = [
        LimitCase(
            "commands",
            {
                $0.hub.commandsPerSecond = 0
                $0.hub.commandsBurst = 1
            }
        ) { _, ana in
            let connection = try await ana.connect()
            try await ends(3013) { _ = try await connection.history("calendar:venue:1") }
        },
        LimitCase(
            "user_commands",
            {
                $0.hub.userCommandsPerSecond = 0
                $0.hub.userCommandsBurst = 0
            }
        ) { _, ana in
            let connection = try await ana.connect()
            try await ends(3013) { _ = try await connection.history("calendar:venue:1") }
        },
        LimitCase("waiting_commands", { $0.hub.waitingCommandsMax = 0 }) { server, ana in
            let connect = #"{"id":1,"connect":{"token":"\#(ana.token)"}}"#
            let history = #"{"id":2,"history":{"channel":"a"}}"#
            let code = try await UpgradedSocket.closeCode(port: server.port, after: [connect + "\n" + history])
            #expect(code == 3013)
        },
        LimitCase("calls_in_flight", { $0.hub.callsInFlightMax = 0 }) { _, ana in
            let connection = try await ana.connect()
            #expect(try await connection.refusal(of: .rpc(RPCRequest(method: "venues.list"))) == .tooManyRequests)
            await connection.close()
        },
        LimitCase("message_bytes") { server, _ in
            let text = String(repeating: "x", count: 70_000)
            let code = try await UpgradedSocket.closeCode(port: server.port, after: [text])
            #expect(code == 1009)
        },
    ]

    static let channels: [LimitCase] = [
        LimitCase("channels", { $0.hub.channelsMax = 2 }) { server, ana in
            let venues = [try await server.venue(), try await server.venue()]
            let connection = try await ana.connect()
            _ = try await connection.subscribe(venues[0].calendarChannel)
            #expect(try await connection.refusal(toSubscribe: venues[1].calendarChannel) == .limitExceeded)
            await connection.close()
        },
        LimitCase(
            "subscriptions",
            {
                $0.hub.subscriptionsPerSecond = 0
                $0.hub.subscriptionsBurst = 1
            }
        ) { server, ana in
            let venues = [try await server.venue(), try await server.venue()]
            let connection = try await ana.connect()
            _ = try await connection.subscribe(venues[0].calendarChannel)
            #expect(try await connection.refusal(toSubscribe: venues[1].calendarChannel) == .tooManyRequests)
            await connection.close()
        },
        LimitCase("history_reads", { $0.hub.historyReadsMax = 0 }) { server, ana in
            let channel = try await server.venue().calendarChannel
            let connection = try await ana.connect()
            _ = try await connection.subscribe(channel)
            #expect(try await connection.refusal(of: .history(HistoryRequest(channel: channel, limit: 1))) == .tooManyRequests)
            await connection.close()
        },
        LimitCase("history_page", { $0.hub.historyEventsMax = 1 }) { server, ana in
            let venue = try await server.venue()
            let connection = try await ana.connect()
            _ = try await connection.subscribe(venue.calendarChannel)
            try await server.announce(times: 3, at: venue)
            #expect(try await connection.history(venue.calendarChannel, limit: 2).publications.count == 1)
            await connection.close()
        },
        LimitCase("lingering_channels", { $0.hub.lingeringChannelsMax = 0 }) { server, ana in
            let venue = try await server.venue()
            let connection = try await ana.connect()
            _ = try await connection.subscribe(venue.calendarChannel)
            try await connection.unsubscribe(venue.calendarChannel)
            await connection.close()
        },
    ]
}

@Suite(.timeLimit(.minutes(5))) struct MetricsLimitTests {
    @Test(arguments: LimitCase.connections + LimitCase.commands + LimitCase.channels)
    func `a bound that is hit is counted`(limit: LimitCase) async throws {
        try await TestServer.run(adjust: limit.adjust) { server in
            let ana = try await server.member("ana")
            #expect(try await server.hits(limit.name) == 0)
            try await limit.hit(server, ana)
            #expect(try await server.hits(limit.name) ?? 0 >= 1)
        }
    }

    @Test func `who is turned away is counted by the reason`() async throws {
        try await TestServer.run { server in
            let request = HandshakeRequest().with("Origin", "https://evil.example")
            #expect(try await request.answer(port: server.port).status == 403)
            #expect(try await HandshakeRequest(path: "/ws/notifications").answer(port: server.port).status == 401)
            let forged = HandshakeRequest(path: "/ws/notifications?token=forged")
            #expect(try await forged.answer(port: server.port).status == 401)
            #expect(try await HandshakeRequest().with("Sec-WebSocket-Version", "7").answer(port: server.port).status == 426)
            let scrape = try await server.scrape()
            for (reason, count) in ["origin": 1.0, "credentials": 2, "handshake": 1, "full": 0, "draining": 0] {
                #expect(scrape.sum("ringside_connections_refused_total", where: ["reason": reason]) == count, "\(reason)")
            }
        }
    }
}
