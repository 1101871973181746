import Client
import Testing
import Wire

/// Every option of a namespace, seen from a client.
@Suite struct NamespaceTests {
    private static func namespace(_ options: String) -> String {
        #""namespaces": [{"name": "ns", "allow_subscribe_for_client": true, \#(options)}]"#
    }

    @Test func `subscribing is for those whom the namespace lets in`() async throws {
        let settings = """
            "allow_anonymous_connect_without_token": true,
            "namespaces": [{"name": "closed"}, {"name": "users", "allow_subscribe_for_client": true},
                {"name": "anybody", "allow_subscribe_for_anonymous": true},
                {"name": "dialog", "allow_user_limited_channels": true}]
            """
        try await TestEngine.run(settings) { engine in
            let ana = try await engine.connect("ana")
            let nobody = try await engine.connect(token: "")
            func refusal(_ connection: LiveConnection, _ channel: String) async throws -> ProtocolError? {
                try await connection.error(.subscribe(SubscribeRequest(channel: channel)))
            }
            #expect(try await refusal(ana, "closed:a") == .permissionDenied)
            #expect(try await refusal(ana, "none:a") == .unknownChannel)
            #expect(try await refusal(ana, "a") == .permissionDenied)
            #expect(try await refusal(ana, "users:a") == nil)
            #expect(try await refusal(nobody, "users:a") == .permissionDenied)
            #expect(try await refusal(nobody, "anybody:a") == nil)
            #expect(try await refusal(ana, "dialog:x#ana,ben") == nil)
            #expect(try await refusal(ana, "dialog:x#ben") == .permissionDenied)
            #expect(try await refusal(ana, "users:" + String(repeating: "x", count: 300)) == .badRequest)
        }
    }

    @Test func `publishing is for subscribers or for everybody, as configured`() async throws {
        let settings = """
            "namespaces": [{"name": "none", "allow_subscribe_for_client": true},
                {"name": "subs", "allow_subscribe_for_client": true, "allow_publish_for_subscriber": true},
                {"name": "all", "allow_subscribe_for_client": true, "allow_publish_for_client": true}]
            """
        try await TestEngine.run(settings) { engine in
            let ana = try await engine.connect("ana", claims: #""info":{"name":"Ana"}"#)
            let ben = try await engine.connect("ben")
            func publish(_ connection: LiveConnection, _ channel: String) async throws -> ProtocolError? {
                try await connection.error(.publish(PublishRequest(channel: channel, data: RawJSON("1"))))
            }
            for channel in ["none:a", "subs:a", "all:a"] { _ = try await ben.subscribe(channel) }
            #expect(try await publish(ben, "none:a") == .permissionDenied)
            #expect(try await publish(ana, "subs:a") == .permissionDenied)
            #expect(try await publish(ben, "subs:a") == nil)
            #expect(try await publish(ana, "all:a") == nil)
            #expect(try await publish(ana, "other:a") == .permissionDenied)
            #expect(try await ben.nextPublication().1.info?.user == "ben")
            let (channel, publication) = try await ben.nextPublication()
            #expect(channel == "all:a")
            #expect(publication.info?.user == "ana")
            #expect(publication.info?.client == ana.established?.client)
            #expect(publication.info?.connInfo?.text == #"{"name":"Ana"}"#)
        }
    }

    @Test func `a client's publication is kept where there is a history, with its author`() async throws {
        let options =
            #""history_size": 5, "history_ttl": "60s", "allow_publish_for_subscriber": true, "allow_history_for_subscriber": true"#
        try await TestEngine.run(Self.namespace(options)) { engine in
            let ana = try await engine.connect("ana")
            _ = try await ana.subscribe("ns:a")
            _ = try await ana.call(.publish(PublishRequest(channel: "ns:a", data: RawJSON(#"{"x":1}"#))))
            let (_, live) = try await ana.nextPublication()
            let kept = try #require(try await ana.history("ns:a", limit: 10).publications.first)
            for publication in [live, kept] {
                #expect(publication.offset == 1)
                #expect(publication.info?.user == "ana")
            }
        }
    }

    @Test func `anonymous clients publish only where they are allowed to`() async throws {
        let settings = """
            "allow_anonymous_connect_without_token": true,
            "namespaces": [{"name": "users", "allow_subscribe_for_anonymous": true, "allow_publish_for_subscriber": true},
                {"name": "anybody", "allow_subscribe_for_anonymous": true, "allow_publish_for_subscriber": true,
                    "allow_publish_for_anonymous": true}]
            """
        try await TestEngine.run(settings) { engine in
            let nobody = try await engine.connect(token: "")
            for (channel, refusal) in [("users:a", ProtocolError.permissionDenied), ("anybody:a", nil)] {
                _ = try await nobody.subscribe(channel)
                #expect(try await nobody.error(.publish(PublishRequest(channel: channel, data: RawJSON("1")))) == refusal)
            }
        }
    }

    @Test func `the history is for subscribers where it is allowed, and nowhere without one`() async throws {
        let settings = """
            "namespaces": [{"name": "none", "allow_subscribe_for_client": true},
                {"name": "kept", "history_size": 5, "history_ttl": "60s", "allow_subscribe_for_client": true},
                {"name": "open", "history_size": 5, "history_ttl": "60s", "allow_subscribe_for_client": true,
                    "allow_history_for_subscriber": true}]
            """
        try await TestEngine.run(settings) { engine in
            let ana = try await engine.connect("ana")
            #expect(try await ana.error(.history(HistoryRequest(channel: "open:a"))) == .permissionDenied)
            for channel in ["none:a", "kept:a", "open:a"] { _ = try await ana.subscribe(channel) }
            #expect(try await ana.error(.history(HistoryRequest(channel: "none:a"))) == .notAvailable)
            #expect(try await ana.error(.history(HistoryRequest(channel: "kept:a"))) == .permissionDenied)
            try await engine.api("publish", #"{"channel":"open:a","data":1,"tags":{"k":"v"}}"#)
            let history = try await ana.history("open:a", limit: 10)
            #expect(history.publications.map(\.data.text) == ["1"])
            #expect(history.publications.first?.tags == ["k": "v"])
        }
    }

    @Test func `presence is for subscribers where it is allowed, and nowhere without one`() async throws {
        let settings = """
            "namespaces": [{"name": "none", "allow_subscribe_for_client": true},
                {"name": "known", "presence": true, "allow_subscribe_for_client": true},
                {"name": "open", "presence": true, "allow_subscribe_for_client": true, "allow_presence_for_subscriber": true}]
            """
        try await TestEngine.run(settings) { engine in
            let ana = try await engine.connect("ana")
            for channel in ["none:a", "known:a", "open:a"] { _ = try await ana.subscribe(channel) }
            #expect(try await ana.error(.presence(PresenceRequest(channel: "none:a"))) == .notAvailable)
            #expect(try await ana.error(.presence(PresenceRequest(channel: "known:a"))) == .permissionDenied)
            guard case .presence(let result) = try await ana.call(.presence(PresenceRequest(channel: "open:a"))) else {
                throw ClientError.unexpectedMessage
            }
            #expect(result.presence.values.map(\.user) == ["ana"])
            let stats = try await ana.call(.presenceStats(PresenceStatsRequest(channel: "open:a")))
            #expect(stats == .presenceStats(PresenceStatsResult(clientCount: 1, userCount: 1)))
        }
    }

    @Test func `who comes and goes is told to those who ask, or to all`() async throws {
        let settings = """
            "namespaces": [{"name": "asked", "join_leave": true, "allow_subscribe_for_client": true},
                {"name": "forced", "join_leave": true, "force_push_join_leave": true, "allow_subscribe_for_client": true}]
            """
        try await TestEngine.run(settings) { engine in
            let ana = try await engine.connect("ana")
            let ben = try await engine.connect("ben")
            func isJoin(_ push: Push, of user: String, in channel: String) -> Bool {
                guard case .join(let info) = push.body else { return false }
                return push.channel == channel && info.user == user
            }
            _ = try await ana.subscribe("asked:silent")
            _ = try await ana.subscribe(SubscribeRequest(channel: "asked:a", joinLeave: true))
            #expect(isJoin(try await ana.next(), of: "ana", in: "asked:a"))
            _ = try await ben.subscribe("asked:silent")
            _ = try await ben.subscribe("asked:a")
            #expect(isJoin(try await ana.next(), of: "ben", in: "asked:a"))
            _ = try await ana.subscribe("forced:a")
            #expect(isJoin(try await ana.next(), of: "ana", in: "forced:a"))
        }
    }

    @Test func `what was missed is recovered from memory, within what it keeps`() async throws {
        let options = #""history_size": 3, "history_ttl": "60s", "force_recovery": true"#
        try await TestEngine.run(Self.namespace(options)) { engine in
            let ana = try await engine.connect("ana")
            let start = try #require(try await ana.subscribe("ns:a").position)
            #expect(start.offset == 0)
            ana.cut()
            for number in 1...3 { try await engine.api("publish", #"{"channel":"ns:a","data":\#(number)}"#) }
            let back = try await engine.connect("ana")
            let recovered = try await back.subscribe("ns:a", since: start)
            #expect(recovered.recovered && recovered.missed.map(\.data.text) == ["1", "2", "3"])
            try await engine.api("publish", #"{"channel":"ns:a","data":4}"#)
            #expect(try await back.nextData() == "4")
            let late = try await engine.connect("ben")
            let lost = try await late.subscribe("ns:a", since: StreamPosition(epoch: "another", offset: 1))
            #expect(!lost.recovered && lost.wasRecovering && lost.missed.isEmpty)
        }
    }

    @Test func `positions are given where they are forced, or asked for in a channel with a history`() async throws {
        let settings = """
            "namespaces": [{"name": "forced", "history_size": 3, "history_ttl": "60s", "force_positioning": true,
                    "allow_subscribe_for_client": true},
                {"name": "kept", "history_size": 3, "history_ttl": "60s", "allow_subscribe_for_client": true},
                {"name": "none", "allow_subscribe_for_client": true}]
            """
        try await TestEngine.run(settings) { engine in
            let ana = try await engine.connect("ana")
            let forced = try await ana.subscribe(SubscribeRequest(channel: "forced:a"))
            #expect(forced.positioned && !forced.recoverable && !forced.epoch.isEmpty)
            #expect(!(try await ana.subscribe(SubscribeRequest(channel: "kept:a")).positioned))
            #expect(try await ana.subscribe(SubscribeRequest(channel: "kept:b", positioned: true)).positioned)
            #expect(!(try await ana.subscribe(SubscribeRequest(channel: "none:a", positioned: true, recoverable: true)).positioned))
        }
    }

    @Test func `what was missed is for those who may have it`() async throws {
        let kept = #""history_size": 5, "history_ttl": "60s", "allow_subscribe_for_client": true"#
        let settings = """
            "namespaces": [{"name": "closed", \(kept)}, {"name": "open", "allow_history_for_subscriber": true, \(kept)},
                {"name": "forced", "force_recovery": true, \(kept)}]
            """
        try await TestEngine.run(settings) { engine in
            let ana = try await engine.connect("ana")
            for (channel, mayRecover) in [("closed:a", false), ("open:a", true), ("forced:a", true)] {
                try await engine.api("publish", #"{"channel":"\#(channel)","data":1}"#)
                let request = SubscribeRequest(channel: channel, recover: true, positioned: true, recoverable: true)
                let result = try await ana.subscribe(request)
                #expect(result.wasRecovering)
                #expect(result.recovered == mayRecover && result.recoverable == mayRecover, "\(channel)")
                #expect(result.publications.count == (mayRecover ? 1 : 0), "\(channel)")
                try await ana.unsubscribe(channel)
            }
            let strict = SubscribeRequest(channel: "closed:a", recover: true, flag: 2)
            #expect(try await ana.error(.subscribe(strict)) == .unrecoverablePosition)
        }
    }

    @Test func `a filter by tags holds for what comes and for what was missed`() async throws {
        let options = #""history_size": 5, "history_ttl": "60s", "force_recovery": true"#
        try await TestEngine.run(Self.namespace(options)) { engine in
            func publish(_ number: Int, _ colour: String) async throws {
                try await engine.api("publish", #"{"channel":"ns:a","data":\#(number),"tags":{"colour":"\#(colour)"}}"#)
            }
            try await publish(1, "red")
            try await publish(2, "blue")
            let filter = FilterNode(key: "colour", cmp: "eq", val: "red")
            let ana = try await engine.connect("ana")
            let result = try await ana.subscribe(SubscribeRequest(channel: "ns:a", recover: true, filter: filter))
            #expect(result.recovered && result.publications.map(\.data.text) == ["1"])
            try await publish(3, "blue")
            try await publish(4, "red")
            #expect(try await ana.nextData() == "4")
        }
    }

    @Test func `a cache gives the latest publication, whatever was missed`() async throws {
        let options = #""history_size": 1, "history_ttl": "60s", "force_recovery": true, "force_recovery_mode": "cache""#
        try await TestEngine.run(Self.namespace(options)) { engine in
            for number in 1...5 { try await engine.api("publish", #"{"channel":"ns:a","data":\#(number)}"#) }
            let ana = try await engine.connect("ana")
            let result = try await ana.subscribe(SubscribeRequest(channel: "ns:a", recover: true))
            #expect(result.recovered)
            #expect(result.publications.map(\.data.text) == ["5"])
            try await engine.api("publish", #"{"channel":"ns:a","data":6}"#)
            #expect(try await ana.nextData() == "6")
        }
    }

    @Test func `without a namespace the options of the whole hold`() async throws {
        try await TestEngine.run(#""channel": {"without_namespace": {"allow_subscribe_for_client": true, "presence": true}}"#) { engine in
            let ana = try await engine.connect("ana")
            _ = try await ana.subscribe("plain")
            #expect(try await engine.api("presence_stats", #"{"channel":"plain"}"#).text == #"{"num_clients":1,"num_users":1}"#)
        }
    }

    @Test func `an insecure engine asks nobody anything`() async throws {
        let settings = """
            "client_insecure": true,
            "namespaces": [{"name": "ns", "history_size": 5, "history_ttl": "60s", "presence": true}]
            """
        try await TestEngine.run(settings) { engine in
            let nobody = try await engine.connect(token: "")
            _ = try await nobody.subscribe("$ns:a")
            _ = try await nobody.call(.publish(PublishRequest(channel: "$ns:a", data: RawJSON("1"))))
            #expect(try await nobody.nextData() == "1")
            #expect(try await nobody.history("$ns:a", limit: 5).publications.count == 1)
            _ = try await nobody.call(.presence(PresenceRequest(channel: "$ns:a")))
            #expect(try await nobody.error(.subscribe(SubscribeRequest(channel: "none:a"))) == .unknownChannel)
        }
    }

    @Test func `what the engine has no answer for is refused with a code`() async throws {
        try await TestEngine.run { engine in
            let ana = try await engine.connect("ana")
            #expect(try await ana.error(.rpc(RPCRequest(method: "any"))) == .methodNotFound)
            ana.send(.send(SendRequest(data: RawJSON("1"))))
            #expect(await ana.closed().code == 3508)
        }
    }

    @Test func `the limits of the configuration hold`() async throws {
        let settings = #""client_channel_limit": 2, "client_user_connection_limit": 1, "allow_subscribe_for_client": true"#
        try await TestEngine.run(settings) { engine in
            let ana = try await engine.connect("ana")
            for channel in ["a", "b"] { _ = try await ana.subscribe(channel) }
            #expect(try await ana.error(.subscribe(SubscribeRequest(channel: "c"))) == .limitExceeded)
            #expect(try await engine.refusal(token: engine.token(#""sub":"ana""#)).code == 3504)
        }
    }
}
