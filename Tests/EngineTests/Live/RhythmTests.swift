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
}
