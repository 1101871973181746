import Client
import Testing
import Wire

/// Times of the configuration, seen from a client. They are the shortest there are: real seconds pass here.
@Suite struct RhythmTests {
    @Test func `who does not connect, does not answer pings, or does not renew is closed in time`() async throws {
        let settings = """
            "client_stale_close_delay": "1s", "ping_interval": "2s", "pong_timeout": "1s", "client_expired_close_delay": "0s"
            """
        try await TestEngine.run(settings) { engine in
            let stale = try await LiveConnection.open(port: engine.port)
            var configuration = LiveConfiguration()
            configuration.answersPings = false
            let mute = try await LiveConnection.connect(
                port: engine.port, token: engine.token(#""sub":"mute""#), configuration: configuration
            )
            let expiring = try await engine.connect("ana", claims: #""exp":\#(engine.seconds(1))"#)
            #expect(mute.established?.ping == 2)
            #expect(await stale.closed().code == 3502)
            #expect(await expiring.closed().code == 3005)
            #expect(await mute.closed().code == 3012)
        }
    }

    @Test func `a subscription that is not renewed is ended, and may begin again`() async throws {
        try await TestEngine.run(#""client_expired_close_delay": "0s""#) { engine in
            let ana = try await engine.connect("ana")
            let claims = #""sub":"ana","channel":"$a","exp":\#(engine.seconds(1))"#
            let result = try await ana.subscribe(SubscribeRequest(channel: "$a", token: engine.token(claims)))
            #expect(result.ttl == 1)
            #expect(try await ana.next() == Push(channel: "$a", body: .unsubscribe(.expired)))
        }
    }

    @Test func `who is back in time has never left, and who stays away has`() async throws {
        let settings = """
            "client": {"leave_delay": "2s"},
            "namespaces": [{"name": "room", "allow_subscribe_for_client": true, "presence": true, "join_leave": true}]
            """
        try await TestEngine.run(settings) { engine in
            let watching = SubscribeRequest(channel: "room:a", joinLeave: true)
            let ben = try await engine.connect("ben")
            _ = try await ben.subscribe(watching)
            var heard: [String] = []
            func hear() async throws {
                switch try await ben.next().body {
                case .join(let info): heard.append("+" + info.user)
                case .leave(let info): heard.append("-" + info.user)
                default: heard.append("?")
                }
            }
            for _ in 1...3 {
                let ana = try await engine.connect("ana")
                _ = try await ana.subscribe("room:a")
                ana.cut()
            }
            let cleo = try await engine.connect("cleo")
            _ = try await cleo.subscribe("room:a")
            for _ in 1...4 { try await hear() }
            #expect(heard == ["+ben", "+ana", "+cleo", "-ana"])
            await cleo.close()
        }
    }
}
