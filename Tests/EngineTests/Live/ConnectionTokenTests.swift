import Client
import Foundation
import Testing
import Wire

@Suite struct ConnectionTokenTests {
    @Test func `forged, broken and unsigned tokens close the connection for good`() async throws {
        try await TestEngine.run { engine in
            let good = engine.token(#""sub":"ana""#)
            let parts = good.split(separator: ".").map(String.init)
            let none = Data(#"{"alg":"none"}"#.utf8).base64EncodedString().replacing("=", with: "")
            let hostile = [
                engine.token(#""sub":"ana""#, secret: "other"), "\(none).\(parts[1]).", "\(none).\(parts[1]).\(parts[2])", "nonsense",
                engine.token(#""sub":"ana","nbf":\#(engine.seconds(60))"#), engine.token(#""sub":5"#),
            ]
            for token in hostile {
                let ending = try await engine.refusal(token: token)
                #expect(ending == ClosedConnection(code: 3500, reason: "invalid token"))
            }
        }
    }

    @Test func `without a token the connection is refused, unless anonymous clients are welcome`() async throws {
        try await TestEngine.run { engine in
            let ending = try await engine.refusal(token: "")
            #expect(ending.code == 3501)
        }
        try await TestEngine.run(#""allow_anonymous_connect_without_token": true"#) { engine in
            let nobody = try await engine.connect(token: "")
            #expect(nobody.established?.expires == false)
            #expect(try await engine.refusal(token: "nonsense").code == 3500)
        }
    }

    @Test func `an expired token is told apart, so that the client fetches another`() async throws {
        try await TestEngine.run { engine in
            let token = engine.token(#""sub":"ana","exp":\#(engine.seconds(10))"#)
            let ana = try await engine.connect(token: token)
            #expect(ana.established?.expires == true)
            #expect(ana.established?.ttl == 10)
            engine.time.advance(bySeconds: 10)
            let late = try await LiveConnection.open(port: engine.port)
            await #expect(throws: ProtocolError.tokenExpired) { try await late.begin(token: token) }
        }
    }

    @Test func `the connection may live longer or shorter than its token`() async throws {
        try await TestEngine.run { engine in
            let exp = #""exp":\#(engine.seconds(10))"#
            #expect(try await engine.connect("ana", claims: exp + #","expire_at":0"#).established?.expires == false)
            #expect(try await engine.connect("ana", claims: exp + #","expire_at":\#(engine.seconds(99))"#).established?.ttl == 99)
            let late = try await LiveConnection.open(port: engine.port)
            let token = engine.token(#""sub":"ana",\#(exp),"expire_at":\#(engine.seconds(-1))"#)
            await #expect(throws: ProtocolError.expired) { try await late.begin(token: token) }
        }
    }

    @Test func `a newer token prolongs, another's does not`() async throws {
        try await TestEngine.run { engine in
            let ana = try await engine.connect("ana", claims: #""exp":\#(engine.seconds(10))"#)
            let newer = try await ana.refresh(token: engine.token(#""sub":"ana","exp":\#(engine.seconds(300))"#))
            #expect(newer.expires && newer.ttl == 300)
            let bens = RefreshRequest(token: engine.token(#""sub":"ben","exp":\#(engine.seconds(300))"#))
            #expect(await ana.ending(after: .refresh(bens)).code == 3500)
            let again = try await engine.connect("ana", claims: #""exp":\#(engine.seconds(10))"#)
            let expired = RefreshRequest(token: engine.token(#""sub":"ana","exp":\#(engine.seconds(-1))"#))
            #expect(await again.ending(after: .refresh(expired)).code == 3005)
            let third = try await engine.connect("ana", claims: #""exp":\#(engine.seconds(10))"#)
            let passed = RefreshRequest(token: engine.token(#""sub":"ana","expire_at":\#(engine.seconds(-1))"#))
            #expect(try await third.error(.refresh(passed)) == .expired)
        }
    }

    @Test func `issuer and audience are checked where they are configured`() async throws {
        try await TestEngine.run(#""token_issuer": "shop", "token_audience": "live""#) { engine in
            #expect(try await engine.refusal(token: engine.token(#""sub":"ana","iss":"shop""#)).code == 3500)
            #expect(try await engine.refusal(token: engine.token(#""sub":"ana","aud":"live","iss":"x""#)).code == 3500)
            _ = try await engine.connect("ana", claims: #""iss":"shop","aud":["live"]"#)
        }
    }

    @Test func `anonymous tokens can be turned away`() async throws {
        try await TestEngine.run { engine in
            _ = try await engine.connect("")
        }
        try await TestEngine.run(#""disallow_anonymous_connection_tokens": true"#) { engine in
            #expect(try await engine.refusal(token: engine.token(#""sub":"""#)).code == 3507)
            _ = try await engine.connect("ana")
        }
    }

    @Test func `channels in the token are subscribed at connect`() async throws {
        let settings =
            #""namespaces": [{"name": "log", "history_size": 5, "history_ttl": "60s", "force_recovery": true}, {"name": "live"}]"#
        try await TestEngine.run(settings) { engine in
            let claims = #""channels":["log:a"],"subs":{"live:b":{"data":{"x":1}},"log:c":{"override":{"force_recovery":{"value":false}}}}"#
            let ana = try await engine.connect("ana", claims: claims)
            let subs = try #require(ana.established).subs
            #expect(subs.keys.sorted() == ["live:b", "log:a", "log:c"])
            #expect(subs["log:a"]?.recoverable == true)
            #expect(subs["live:b"]?.recoverable == false)
            #expect(subs["live:b"]?.data?.text == #"{"x":1}"#)
            #expect(subs["log:c"]?.recoverable == false)
            try await engine.api("broadcast", #"{"channels":["log:a","live:b"],"data":1}"#)
            #expect(try await Set([ana.nextPublication().channel, ana.nextPublication().channel]) == ["log:a", "live:b"])
            let unknown = try await LiveConnection.open(port: engine.port)
            let token = engine.token(#""sub":"ana","channels":["none:a"]"#)
            await #expect(throws: ProtocolError.unknownChannel) { try await unknown.begin(token: token) }
        }
    }

    @Test func `a user's personal channel is subscribed at connect and comes back without a gap`() async throws {
        let settings = """
            "user_subscribe_to_personal": true, "user_personal_channel_namespace": "personal",
            "namespaces": [{"name": "personal", "history_size": 5, "history_ttl": "60s", "force_recovery": true}]
            """
        try await TestEngine.run(settings) { engine in
            let ana = try await engine.connect("ana")
            let start = try #require(ana.established?.subs["personal:#ana"])
            try await engine.api("publish", ##"{"channel":"personal:#ana","data":1}"##)
            #expect(try await ana.nextData() == "1")
            ana.cut()
            try await engine.api("publish", ##"{"channel":"personal:#ana","data":2}"##)
            let position = StreamPosition(epoch: start.epoch, offset: 1)
            let back = try await LiveConnection.connect(
                port: engine.port, token: engine.token(#""sub":"ana""#), positions: ["personal:#ana": position]
            )
            let recovered = try #require(back.established?.subs["personal:#ana"])
            #expect(recovered.recovered)
            #expect(recovered.publications.map(\.data.text) == ["2"])
            // Nobody is only somebody's channel.
            #expect(try await engine.connect("").established?.subs.isEmpty == true)
        }
    }
}
