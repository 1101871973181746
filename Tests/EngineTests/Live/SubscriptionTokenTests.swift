import Client
import Testing
import Wire

@Suite struct SubscriptionTokenTests {
    private static let namespaces = #""namespaces": [{"name": "ns", "history_size": 5, "history_ttl": "60s", "presence": true}]"#

    private func request(_ engine: TestEngine, _ channel: String, _ claims: String, secret: String = TestEngine.secret) -> SubscribeRequest
    {
        SubscribeRequest(channel: channel, token: engine.token(claims, secret: secret))
    }

    @Test func `a private channel is open to whoever brings a token for it`() async throws {
        try await TestEngine.run(Self.namespaces) { engine in
            let ana = try await engine.connect("ana")
            #expect(try await ana.error(.subscribe(SubscribeRequest(channel: "$ns:a"))) == .permissionDenied)
            #expect(try await ana.error(.subscribe(SubscribeRequest(channel: "ns:a"))) == .permissionDenied)
            #expect(try await ana.error(.subscribe(SubscribeRequest(channel: "$none:a"))) == .unknownChannel)
            let claims = #""sub":"ana","channel":"$ns:a","info":{"seat":7},"exp":\#(engine.seconds(60))"#
            let result = try await ana.subscribe(request(engine, "$ns:a", claims))
            #expect(result.expires && result.ttl == 60)
            let presence = try await engine.api("presence", #"{"channel":"$ns:a"}"#).members?["presence"]?.members?.values.first
            #expect(presence?.members?["chan_info"]?.text == #"{"seat":7}"#)
        }
    }

    @Test func `an expired token is told apart, a forged one is a refusal`() async throws {
        try await TestEngine.run(Self.namespaces) { engine in
            let ana = try await engine.connect("ana")
            let expired = request(engine, "$ns:a", #""sub":"ana","channel":"$ns:a","exp":\#(engine.seconds(-1))"#)
            #expect(try await ana.error(.subscribe(expired)) == .tokenExpired)
            let forged = request(engine, "$ns:a", #""sub":"ana","channel":"$ns:a""#, secret: "other")
            #expect(try await ana.error(.subscribe(forged)) == .permissionDenied)
        }
    }

    @Test func `somebody else's token ends the connection`() async throws {
        try await TestEngine.run(Self.namespaces) { engine in
            for claims in [
                #""sub":"ben","channel":"$ns:a""#, #""sub":"ana","channel":"$ns:b""#, #""channel":"$ns:a""#, #""sub":"ana""#,
                #""sub":"ana","channel":"$ns:a","client":"another-connection""#,
            ] {
                let ana = try await engine.connect("ana")
                #expect(await ana.ending(after: .subscribe(request(engine, "$ns:a", claims))).code == 3500, "\(claims)")
            }
            let ana = try await engine.connect("ana")
            let client = try #require(ana.established).client
            _ = try await ana.subscribe(request(engine, "$ns:a", #""sub":"ana","channel":"$ns:a","client":"\#(client)""#))
        }
    }

    @Test func `a token may change what holds in the namespace`() async throws {
        try await TestEngine.run(Self.namespaces) { engine in
            let ana = try await engine.connect("ana")
            let claims = #""sub":"ana","channel":"ns:a","override":{"force_recovery":{"value":true},"presence":{"value":false}}"#
            #expect(try await ana.subscribe(request(engine, "ns:a", claims)).recoverable)
            #expect(try await engine.api("presence_stats", #"{"channel":"ns:a"}"#).text == #"{"num_clients":0,"num_users":0}"#)
        }
    }

    @Test func `a newer token prolongs the subscription, an expired one ends the connection`() async throws {
        try await TestEngine.run(Self.namespaces) { engine in
            func refresh(_ claims: String) -> Command.Request {
                .subRefresh(SubRefreshRequest(channel: "$ns:a", token: engine.token(#""sub":"ana",\#(claims)"#)))
            }
            func subscribed() async throws -> LiveConnection {
                let ana = try await engine.connect("ana")
                let claims = #""sub":"ana","channel":"$ns:a","exp":\#(engine.seconds(60))"#
                _ = try await ana.subscribe(request(engine, "$ns:a", claims))
                return ana
            }
            let ana = try await subscribed()
            let newer = try await ana.call(refresh(#""channel":"$ns:a","exp":\#(engine.seconds(120))"#))
            #expect(newer == .subRefresh(SubRefreshResult(expires: true, ttl: 120)))
            #expect(try await ana.error(.subRefresh(SubRefreshRequest(channel: "$ns:a", token: ""))) == .badRequest)
            #expect(await ana.ending(after: refresh(#""channel":"$ns:b""#)).code == 3500)
            let expired = refresh(#""channel":"$ns:a","exp":\#(engine.seconds(-1))"#)
            #expect(try await subscribed().ending(after: expired).code == 3006)
        }
    }

    @Test func `subscriptions may have a secret of their own`() async throws {
        let settings = #""separate_subscription_token_config": true, "subscription_token_hmac_secret_key": "other""#
        try await TestEngine.run(settings) { engine in
            let ana = try await engine.connect("ana")
            let claims = #""sub":"ana","channel":"$a""#
            #expect(try await ana.error(.subscribe(request(engine, "$a", claims))) == .permissionDenied)
            _ = try await ana.subscribe(request(engine, "$a", claims, secret: "other"))
        }
    }
}
