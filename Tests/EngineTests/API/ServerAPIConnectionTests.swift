import Client
import Testing
import Wire

@Suite struct ServerAPIConnectionTests {
    private static let namespaces = """
        "namespaces": [
            {"name": "log", "history_size": 10, "history_ttl": "300s", "allow_subscribe_for_client": true, "force_recovery": true},
            {"name": "room", "presence": true, "allow_subscribe_for_client": true}
        ]
        """

    @Test func `the back end subscribes a user, on every connection or on one`() async throws {
        try await TestEngine.run(Self.namespaces) { engine in
            let ana = try await engine.connect("ana")
            let other = try await engine.connect("ana")
            let client = try #require(other.established).client
            #expect(try await engine.api("subscribe", #"{"user":"ana","channel":"log:a","data":{"why":1}}"#).text == "{}")
            for connection in [ana, other] {
                let push = try await connection.next()
                guard case .subscribe(let subscribe) = push.body else { throw ClientError.unexpectedMessage }
                #expect(push.channel == "log:a")
                #expect(subscribe.recoverable && subscribe.positioned)
                #expect(subscribe.data?.text == #"{"why":1}"#)
            }
            try await engine.api("subscribe", #"{"user":"ana","client":"\#(client)","channel":"log:b"}"#)
            #expect(try await other.next().channel == "log:b")
            try await engine.api("broadcast", #"{"channels":["log:b","log:a"],"data":1}"#)
            #expect(try await ana.nextPublication().channel == "log:a")
            #expect(try await other.nextPublication().channel == "log:b")
        }
    }

    @Test func `the back end's subscription brings what came since a position`() async throws {
        try await TestEngine.run(Self.namespaces) { engine in
            let first = try await engine.api("publish", #"{"channel":"log:a","data":1}"#)
            try await engine.api("publish", #"{"channel":"log:a","data":2}"#)
            let ana = try await engine.connect("ana")
            try await engine.api("subscribe", #"{"user":"ana","channel":"log:a","recover_since":\#(first.text)}"#)
            guard case .subscribe(let subscribe) = try await ana.next().body else { throw ClientError.unexpectedMessage }
            #expect(subscribe.offset == 1)
            #expect(try await ana.nextData() == "2")
            try await engine.api("publish", #"{"channel":"log:a","data":3}"#)
            #expect(try await ana.nextData() == "3")
        }
    }

    @Test func `the back end ends a subscription for good`() async throws {
        try await TestEngine.run(Self.namespaces) { engine in
            let ana = try await engine.connect("ana")
            _ = try await ana.subscribe("log:a")
            try await engine.api("unsubscribe", #"{"user":"ana","channel":"log:a"}"#)
            #expect(try await ana.next() == Push(channel: "log:a", body: .unsubscribe(.server)))
            try await engine.api("publish", #"{"channel":"log:a","data":1}"#)
            _ = try await ana.subscribe("log:b")
            try await engine.api("publish", #"{"channel":"log:b","data":2}"#)
            #expect(try await ana.nextData() == "2")
        }
    }

    @Test func `the back end sends a user away, with a code of its choice, and spares whom it names`() async throws {
        try await TestEngine.run(Self.namespaces) { engine in
            let ana = try await engine.connect("ana")
            let spared = try await engine.connect("ana")
            let ben = try await engine.connect("ben")
            let client = try #require(spared.established).client
            try await engine.api("disconnect", #"{"user":"ana","whitelist":["\#(client)"]}"#)
            #expect(await ana.closed() == ClosedConnection(code: 3503, reason: "force disconnect"))
            try await engine.api("disconnect", #"{"user":"ana","disconnect":{"code":4200,"reason":"come back"}}"#)
            #expect(await spared.closed() == ClosedConnection(code: 4200, reason: "come back"))
            let bens = try #require(ben.established).client
            try await engine.api("disconnect", #"{"user":"ben","client":"someone-else"}"#)
            _ = try await ben.subscribe("log:a")
            try await engine.api("disconnect", #"{"user":"ben","client":"\#(bens)"}"#)
            #expect(await ben.closed().code == 3503)
            #expect(try await engine.errorCode("disconnect", #"{"user":"ben","disconnect":{"code":1000,"reason":""}}"#) == 107)
            #expect(try await engine.errorCode("disconnect", "{}") == 107)
        }
    }

    @Test func `the back end prolongs a connection and ends one`() async throws {
        try await TestEngine.run(Self.namespaces) { engine in
            let ana = try await engine.connect("ana", claims: #""exp":\#(engine.seconds(600))"#)
            #expect(try #require(ana.established).ttl == 600)
            try await engine.api("refresh", #"{"user":"ana","expire_at":\#(engine.seconds(900))}"#)
            #expect(try await ana.next().body == .refresh(RefreshPush(expires: true, ttl: 900)))
            try await engine.api("refresh", #"{"user":"ana"}"#)
            #expect(try await ana.next().body == .refresh(RefreshPush(expires: false, ttl: 0)))
            try await engine.api("refresh", #"{"user":"ana","expired":true}"#)
            #expect(await ana.closed().code == 3005)
        }
    }

    @Test func `presence is told by connection and by user`() async throws {
        try await TestEngine.run(Self.namespaces) { engine in
            let ana = try await engine.connect("ana", claims: #""info":{"name":"Ana"}"#)
            let other = try await engine.connect("ana")
            for connection in [ana, other] { _ = try await connection.subscribe("room:1") }
            let presence = try #require(try await engine.api("presence", #"{"channel":"room:1"}"#).members?["presence"]?.members)
            let client = try #require(ana.established).client
            #expect(presence.count == 2)
            #expect(presence[client]?.text == #"{"user":"ana","client":"\#(client)","conn_info":{"name":"Ana"}}"#)
            #expect(try await engine.api("presence_stats", #"{"channel":"room:1"}"#).text == #"{"num_clients":2,"num_users":1}"#)
            #expect(try await engine.api("presence", #"{"channel":"room:2"}"#).text == #"{"presence":{}}"#)
            #expect(try await engine.errorCode("presence", #"{"channel":"log:a"}"#) == 108)
            #expect(try await engine.errorCode("presence_stats", #"{"channel":"log:a"}"#) == 108)
        }
    }

    @Test func `channels in use are listed, all or by a pattern`() async throws {
        try await TestEngine.run(Self.namespaces) { engine in
            let ana = try await engine.connect("ana")
            for channel in ["room:1", "room:2", "log:1"] { _ = try await ana.subscribe(channel) }
            let all = try #require(try await engine.api("channels", "{}").members?["channels"]?.members)
            #expect(all.keys.sorted() == ["log:1", "room:1", "room:2"])
            #expect(all["room:1"]?.text == #"{"num_clients":1}"#)
            let rooms = try await engine.api("channels", #"{"pattern":"room:*"}"#).members?["channels"]?.members
            #expect(rooms?.keys.sorted() == ["room:1", "room:2"])
        }
    }

    @Test func `the node tells how it does`() async throws {
        try await TestEngine.run(Self.namespaces + #", "node": {"name": "n1"}"#) { engine in
            let ana = try await engine.connect("ana")
            _ = try await ana.subscribe("room:1")
            let node = try #require(try await engine.api("info", "{}").members?["nodes"]?.elements?.first?.members)
            #expect(node["name"]?.text == #""n1""#)
            #expect(node["num_clients"]?.text == "1")
            #expect(node["num_users"]?.text == "1")
            #expect(node["num_channels"]?.text == "1")
            #expect(node["num_subs"]?.text == "1")
            #expect(node["uptime"] != nil && node["version"] != nil && node["uid"] != nil)
        }
    }

    @Test func `the engine alone has no methods to call`() async throws {
        try await TestEngine.run { engine async throws in
            #expect(try await engine.errorCode("rpc", #"{"method":"any","data":{}}"#) == 104)
        }
    }
}
