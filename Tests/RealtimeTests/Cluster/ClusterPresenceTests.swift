import NIOCore
import ServerTesting
import Testing
import Wire

@testable import Realtime

/// Who is where, over several nodes and one Redis.
@Suite(.timeLimit(.minutes(5))) struct ClusterPresenceTests {
    private let room = "room:1"

    private var rules: TestAccess.Rules {
        var rules = TestAccess.Rules()
        rules.grants = [room: ChannelGrant(options: .live)]
        return rules
    }

    private func withRedisCluster(
        of count: Int = 2, _ settings: HubSettings = HubSettings(), _ body: (RedisServer, [ClusterNode]) async throws -> Void
    ) async throws {
        try await RedisServer.run { redis in
            try await withCluster(of: count, bus: try RedisAddress(url: redis.url), rules: rules, settings) { nodes in
                for node in nodes { await node.isOnBus() }
                try await body(redis, nodes)
            }
        }
    }

    /// Presence is told beside the answers, so it may be a moment late.
    private func until(_ node: ClusterNode, shows users: [String]) async {
        while await node.hub.presence(room).values.map(\.user).sorted() != users { await Task.yield() }
    }

    @Test func `everybody sees who is on any node, and the counts agree`() async throws {
        try await withRedisCluster { _, nodes in
            let ana = try await nodes[0].watch(room, as: "ana")
            let ben = try await nodes[1].watch(room, as: "ben")
            for node in nodes { await until(node, shows: ["ana", "ben"]) }
            #expect(await nodes[0].hub.presenceStats(room) == PresenceStatsResult(clientCount: 2, userCount: 2))
            try await ana.send(.presence(PresenceRequest(channel: room)), id: 3)
            let heard = try await ana.heard { $0.replies.count == 3 }
            guard case .presence(let result) = heard.replies.last?.body else { return #expect(Bool(false)) }
            let shown = try await Set([ana.names().client, ben.names().client])
            #expect(Set(result.presence.keys) == shown)
        }
    }

    @Test func `who comes and goes on one node is told on the others, as is what nobody keeps`() async throws {
        try await withRedisCluster { _, nodes in
            let ana = try await nodes[0].watch(room, as: "ana")
            let ben = try await nodes[1].watch(room, as: "ben")
            let client = try await ben.names().client
            try await ben.send(.publish(PublishRequest(channel: room, data: RawJSON("\"typing\""))), id: 3)
            var heard = try await ana.heard { !$0.publications.isEmpty }
            #expect(heard.publications.first?.info?.user == "ben")
            try await ben.send(.unsubscribe(UnsubscribeRequest(channel: room)), id: 4)
            heard = try await ana.heard { $0.pushes.last?.body == .leave(ClientInfo(user: "ben", client: client)) }
            // Ana's own coming and the other's, each once.
            #expect(heard.pushes.count == 3)
            await until(nodes[0], shows: ["ana"])
        }
    }

    @Test func `a Redis that has lost everything is told again`() async throws {
        try await withRedisCluster { redis, nodes in
            _ = try await nodes[0].watch(room, as: "ana")
            await until(nodes[1], shows: ["ana"])
            await redis.kill()
            // Alone, a node shows its own.
            while nodes[1].bus?.figures.isConnected == true { await Task.yield() }
            #expect(await nodes[1].hub.presence(room).isEmpty)
            #expect(await nodes[0].hub.presence(room).count == 1)
            try await redis.start()
            await until(nodes[1], shows: ["ana"])
        }
    }

    @Test func `what a node has told of itself expires with it`() async throws {
        try await withRedisCluster { redis, nodes in
            _ = try await nodes[0].watch(room, as: "ana")
            await until(nodes[1], shows: ["ana"])
            let link = RedisLink(to: try RedisAddress(url: redis.url), logger: .init(label: "test"))
            link.start(.init())
            let names = RedisNames(database: 0, node: nodes[0].name)
            let keys = [names.presence(of: room, on: nodes[0].name), names.life(of: nodes[0].name), names.connections(on: nodes[0].name)]
            for key in keys {
                while true {
                    guard let seconds = await link.ask(RedisCommand("TTL", .text(key)))?.integer, seconds != -2 else { continue }
                    #expect((1...RedisRoster.expirySeconds).contains(seconds))
                    break
                }
            }
            // Of a node that died the name is left, which is struck off.
            _ = await link.ask(RedisCommand("SADD", .text(names.nodes), "dead"))
            while await link.ask(RedisCommand("SISMEMBER", .text(names.nodes), "dead"))?.integer != 0 { await Task.yield() }
            await link.stop()
        }
    }

    @Test func `a full Redis takes no presence, and everything else goes on`() async throws {
        try await RedisServer.run(["--maxmemory", "1", "--maxmemory-policy", "noeviction"]) { redis in
            try await withCluster(bus: try RedisAddress(url: redis.url), rules: rules) { nodes in
                for node in nodes { await node.isOnBus() }
                let ana = try await nodes[0].watch(room, as: "ana")
                let ben = try await nodes[1].watch(room, as: "ben")
                try await ben.send(.publish(PublishRequest(channel: room, data: RawJSON("1"))), id: 3)
                _ = try await ana.heard { !$0.publications.isEmpty }
                #expect(await nodes[0].hub.presence(room).values.map(\.user) == ["ana"])
            }
        }
    }

    @Test func `a person's connections count together, and only as long as they are there`() async throws {
        var settings = HubSettings()
        settings.connectionsPerUserMax = 2
        try await withRedisCluster(of: 2, settings) { _, nodes in
            let first = try await nodes[0].watch("", as: "ana")
            _ = try await nodes[0].watch("", as: "ana")
            while await nodes[1].hub.services.roster?.connections(of: "ana") != 2 { await Task.yield() }
            #expect(try await nodes[1].watch("", as: "ana").heard.closed == .connectionLimit)
            #expect(try await nodes[1].watch("", as: "ben").heard.closed == nil)
            try await first.hangUp()
            while await nodes[1].hub.services.roster?.connections(of: "ana") != 1 { await Task.yield() }
            #expect(try await nodes[1].watch("", as: "ana").heard.closed == nil)
        }
    }

    @Test func `commands reach the session of another node, and a node that is gone is known to be`() async throws {
        try await withRedisCluster { _, nodes in
            let ana = try await nodes[1].watch("", as: "ana")
            let secret = try await ana.names().secret
            nodes[1].bus?.receiveCommands { commands, session in if session == secret { ana.receive(commands) } }
            let commands = JSONClientCodec().encode([Command(id: 9, request: .subscribe(SubscribeRequest(channel: "log:1")))])
            #expect(await nodes[0].bus?.pass(commands, to: secret, on: "node-2") == true)
            let heard = try await ana.heard { $0.replies.count == 2 }
            #expect(heard.replies.last?.id == 9)
            #expect(await nodes[0].bus?.pass(commands, to: secret, on: "node-3") == false)
        }
    }
}
