import Accounts
import Client
import Realtime
import Server
import ServerTesting
import Testing
import Wire

/// The rhythms of the protocol through real sockets, with seconds where the open internet has tens of them. Who has to answer in time here has
/// several: a busy machine may stand still for one.
@Suite(.timeLimit(.minutes(5))) struct HubTimingTests {
    private static let quick: @Sendable (inout Configuration) -> Void = {
        $0.hub.pingSeconds = 4
        $0.hub.pongSeconds = 3
        $0.hub.connectSeconds = 3
        $0.hub.expirySeconds = 3
    }

    @Test func `who answers pings stays, and who does not is sent to come back`() async throws {
        try await TestServer.run(adjust: Self.quick) { server in
            var silent = LiveConfiguration()
            silent.answersPings = false
            let mute = try await LiveConnection.connect(port: server.port, token: server.admin.token, configuration: silent)
            let socket = try await UpgradedSocket.connect(port: server.port)
            try await socket.send(#"{"id":1,"connect":{"token":"\#(server.admin.token)"}}"#)
            let reply = try await socket.lines(1)[0]
            #expect(reply.contains(#""ping":4,"pong":true"#))

            for _ in 1...2 {
                #expect(try await socket.lines(1) == ["{}"])
                try await socket.send("{}")
            }
            #expect(await mute.ending() == ClosedConnection(code: 3012, reason: "no pong"))
            await socket.close()
        }
    }

    @Test func `a connection that says nothing is stale`() async throws {
        try await TestServer.run(adjust: Self.quick) { server in
            let socket = try await UpgradedSocket.connect(port: server.port)
            #expect(try await socket.receiveClose() == 3502)
            await socket.close()
        }
    }

    @Test func `a connection outlives its token for a moment, and then is expired unless it was prolonged`() async throws {
        try await TestServer.run(adjust: Self.quick) { server in
            let ana = try await server.member("ana")
            // Two seconds of the token are left.
            server.time.advance(bySeconds: 898)
            let (left, prolonged) = (try await ana.connect(), try await ana.connect())
            #expect(left.established?.ttl == 2)
            let grant: TokenGrant = try await ana.refresh().success().decode()
            #expect(try await prolonged.refresh(token: grant.accessToken).ttl == 900)

            #expect(await left.ending() == ClosedConnection(code: 3005, reason: "connection expired"))
            #expect(try await prolonged.isAlive(of: ana))
            await prolonged.close()
        }
    }

    @Test func `pings come whatever else is said`() async throws {
        try await TestServer.run(adjust: Self.quick) { server in
            let venue = try await server.venue()
            let socket = try await UpgradedSocket.connect(port: server.port)
            try await socket.send(
                """
                {"id":1,"connect":{"token":"\(server.admin.token)"}}
                {"id":2,"subscribe":{"channel":"\(venue.calendarChannel)"}}
                """
            )
            var (pings, publications) = (0, 0)
            while pings < 2 || publications < 3 {
                try await server.announce("notice \(pings) \(publications)", at: venue)
                for line in try await socket.lines(1) {
                    if line == "{}" {
                        pings += 1
                        try await socket.send("{}")
                    } else if line.hasPrefix(#"{"push""#) {
                        publications += 1
                    }
                }
            }
            await socket.close()
        }
    }
}
