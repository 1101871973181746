import NIOCore
import ServerTesting
import Synchronization
import Testing
import Wire

@testable import Realtime

/// Every watcher on every node hears everything once and in order, whatever becomes of the bus.
@Suite(.timeLimit(.minutes(5))) struct ClusterDeliveryTests {
    private static let channels = (1...4).map { "log:\($0)" }

    private func watchers(_ nodes: [ClusterNode]) async throws -> [ClusterWatcher] {
        var watchers: [ClusterWatcher] = []
        for node in nodes { for channel in Self.channels { watchers.append(try await node.watch(channel)) } }
        return watchers
    }

    /// Every node writes to every channel.
    private func storm(_ nodes: [ClusterNode], events: Int) async {
        await withTaskGroup(of: Void.self) { group in
            for node in nodes { group.addTask { for number in 1...events { write(number, through: node) } } }
        }
    }

    /// The same for as long as something else takes.
    private func storming(_ nodes: [ClusterNode], while body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for node in nodes {
                group.addTask {
                    var number = 0
                    while !Task.isCancelled {
                        number += 1
                        write(number, through: node)
                        try await node.group.next().scheduleTask(in: .milliseconds(5)) {}.futureResult.get()
                    }
                }
            }
            try await body()
            group.cancelAll()
        }
    }

    private func write(_ number: Int, through node: ClusterNode) {
        for channel in Self.channels { node.commit("\(number)", to: channel) }
    }

    private func hear(_ count: Int, more watcher: ClusterWatcher) async throws {
        let before = watcher.heard.publications.count
        _ = try await watcher.heard { $0.publications.count >= before + count || $0.closed != nil || !$0.pushes.isEmpty }
    }

    /// All channels have as many events.
    private func expectEverything(_ watchers: [ClusterWatcher], in log: MemoryLog) async throws {
        let top = try await log.read(channel: Self.channels[0], after: nil, limit: 0, reverse: false).top.offset
        for watcher in watchers {
            let heard = try await watcher.heard { $0.publications.count >= top || $0.closed != nil || !$0.pushes.isEmpty }
            #expect(heard.publications.map(\.offset) == Array(1...top))
            #expect(heard.pushes.isEmpty && heard.closed == nil)
        }
    }

    @Test func `three nodes hear each other over the bus`() async throws {
        try await RedisServer.run { redis in
            try await withCluster(of: 3, bus: try RedisAddress(url: redis.url)) { nodes in
                for node in nodes { await node.isOnBus() }
                let watchers = try await watchers(nodes)
                await storm(nodes, events: 300)
                try await expectEverything(watchers, in: nodes[0].log)
                for node in nodes { #expect((node.bus?.figures.received ?? 0) > 0) }
            }
        }
    }

    @Test func `without a bus they hear each other by the log, within two seconds`() async throws {
        try await withCluster(of: 2, bus: nil) { nodes in
            let watcher = try await nodes[1].watch("log:1")
            let committed = NIODeadline.now()
            nodes[0].commitUntold("1", to: "log:1")
            let heard = try await watcher.heard { !$0.publications.isEmpty }
            let delay = try #require(heard.times.first) - committed
            #expect(delay < .seconds(2))
            #expect(await nodes[1].hub.figures().reduce(0) { $0 + $1.channelsBehind } == 1)
        }
    }

    @Test func `a wake-up makes it immediate`() async throws {
        try await withCluster(of: 2, bus: nil) { nodes in
            let watcher = try await nodes[1].watch("log:1")
            for number in 1...20 {
                nodes[0].commitUntold("\(number)", to: "log:1")
                let committed = NIODeadline.now()
                nodes[1].follower.wake()
                let heard = try await watcher.heard { $0.publications.count == number }
                #expect(try #require(heard.times.last) - committed < .milliseconds(900))
            }
        }
    }

    @Test func `a bus that was never there delays, and loses nothing`() async throws {
        try await withCluster(of: 2, bus: try RedisAddress(url: "unix:///nonexistent/redis.sock")) { nodes in
            let watchers = try await watchers(nodes)
            await storm(nodes, events: 50)
            try await expectEverything(watchers, in: nodes[0].log)
            #expect(nodes[0].bus?.figures.dropped == 200)
            #expect(nodes[0].bus?.figures.isConnected == false)
        }
    }

    @Test func `killing Redis and starting it again loses, doubles and reorders nothing`() async throws {
        try await RedisServer.run { redis in
            try await withCluster(of: 3, bus: try RedisAddress(url: redis.url)) { nodes in
                for node in nodes { await node.isOnBus() }
                let watchers = try await watchers(nodes)
                try await storming(nodes) {
                    for _ in 0..<2 {
                        try await hear(100, more: watchers[0])
                        await redis.kill()
                        try await hear(100, more: watchers[0])
                        try await redis.start()
                        for node in nodes { await node.isOnBus() }
                    }
                }
                try await expectEverything(watchers, in: nodes[0].log)
                for node in nodes { #expect((node.bus?.figures.reconnects ?? 0) >= 2) }
                // It carries again.
                let before = nodes[1].bus?.figures.received ?? 0
                nodes[0].commit("\"last\"", to: "log:1")
                _ = try await watchers[4].heard { $0.publications.last?.data == RawJSON("\"last\"") }
                while nodes[1].bus?.figures.received == before { await Task.yield() }
            }
        }
    }

    @Test func `a Redis that is frozen counts as gone, and what it says when it wakes does no harm`() async throws {
        try await RedisServer.run { redis in
            try await withCluster(of: 2, bus: try RedisAddress(url: redis.url)) { nodes in
                for node in nodes { await node.isOnBus() }
                let watchers = try await watchers(nodes)
                await storm(nodes, events: 20)
                redis.freeze()
                let committed = NIODeadline.now()
                await storm(nodes, events: 20)
                try await expectEverything(watchers, in: nodes[0].log)
                #expect(NIODeadline.now() - committed < .seconds(2))
                while nodes[0].bus?.figures.isConnected == true { await Task.yield() }
                await storm(nodes, events: 20)
                redis.thaw()
                for node in nodes { await node.isOnBus() }
                await storm(nodes, events: 20)
                try await expectEverything(watchers, in: nodes[0].log)
            }
        }
    }

    /// Redis cuts off whoever does not read fast enough, and takes no more data than it may.
    @Test func `a Redis that is full drops nodes, who read the log instead`() async throws {
        let limits = ["--client-output-buffer-limit", "pubsub 64kb 0 0", "--maxmemory", "1mb", "--maxmemory-policy", "noeviction"]
        try await RedisServer.run(limits) { redis in
            try await withCluster(of: 2, bus: try RedisAddress(url: redis.url)) { nodes in
                for node in nodes { await node.isOnBus() }
                let watcher = try await nodes[1].watch("log:1")
                let text = "\"\(String(repeating: "x", count: 40_000))\""
                for _ in 0..<300 { nodes[0].commit(text, to: "log:1") }
                let heard = try await watcher.heard { $0.publications.count == 300 || !$0.pushes.isEmpty }
                #expect(heard.publications.map(\.offset) == Array(1...300))
                #expect(heard.pushes.isEmpty)
            }
        }
    }

    @Test func `what can't be sent at once is dropped, within its bound`() async throws {
        try await RedisServer.run { redis in
            try await withCluster(of: 2, bus: try RedisAddress(url: redis.url)) { nodes in
                for node in nodes { await node.isOnBus() }
                let watcher = try await nodes[1].watch("log:1")
                redis.freeze()
                let text = "\"\(String(repeating: "x", count: 100_000))\""
                for _ in 0..<200 { nodes[0].commit(text, to: "log:1") }
                #expect((nodes[0].bus?.figures.dropped ?? 0) > 0)
                let heard = try await watcher.heard { $0.publications.count == 200 || !$0.pushes.isEmpty }
                #expect(heard.publications.map(\.offset) == Array(1...200))
                redis.thaw()
            }
        }
    }

    @Test func `bytes on the bus that are no message are counted, and nobody hears of them`() async throws {
        try await RedisServer.run { redis in
            let address = try RedisAddress(url: redis.url)
            try await withCluster(of: 1, bus: address) { nodes in
                await nodes[0].isOnBus()
                let watcher = try await nodes[0].watch("log:1")
                let stranger = RedisLink(to: address, logger: .init(label: "test"))
                stranger.start(.init())
                while await stranger.ask(RedisCommand("PUBLISH", "ringside:0:events:3", "no message")) == nil { await Task.yield() }
                while nodes[0].bus?.figures.malformed != 1 { await Task.yield() }
                nodes[0].commit("1", to: "log:1")
                _ = try await watcher.heard { $0.publications.count == 1 }
                #expect(nodes[0].bus?.figures.received == 0)
                await stranger.stop()
            }
        }
    }

    @Test func `a log that is out of reach for a while is found again`() async throws {
        try await withCluster(of: 2, bus: nil) { nodes in
            let watcher = try await nodes[1].watch("log:1")
            nodes[0].log.setBroken(true)
            nodes[0].commitUntold("1", to: "log:1")
            while nodes[1].follower.figures.failures < 3 { await Task.yield() }
            nodes[0].log.setBroken(false)
            let back = NIODeadline.now()
            let heard = try await watcher.heard { !$0.publications.isEmpty }
            #expect(try #require(heard.times.first) - back < .seconds(2))
        }
    }
}
