import Core
import NIOCore
import ServerTesting
import Synchronization
import Testing
import Wire

@testable import Realtime

/// What one node is told to do, or who is sent away, holds on all of them.
@Suite(.timeLimit(.minutes(5))) struct ClusterOrderTests {
    private func write(_ order: HubOrder.Action, through node: ClusterNode) throws {
        let envelope = EventEnvelope(type: HubOrder.type, id: "1", at: TestTime().now, data: HubOrder(order))
        node.commit(try envelope.json().text, to: SystemChannel.orders.name)
    }

    private func disconnect(_ target: HubTarget) -> HubOrder.Action {
        .disconnect(target, code: 3_503, reason: "force disconnect", sparing: [])
    }

    @Test func `an order is carried out on every node, without a bus and once`() async throws {
        try await withCluster(of: 3, bus: nil) { nodes in
            var watchers: [ClusterWatcher] = []
            for node in nodes { watchers.append(try await node.watch("")) }
            try write(.subscribe(HubTarget(user: "ana"), channel: "log:1", ChannelGrant(options: .log), since: nil), through: nodes[0])
            for watcher in watchers {
                let heard = try await watcher.heard { !$0.pushes.isEmpty }
                #expect(heard.pushes.map(\.channel) == ["log:1"])
            }
            try write(.unsubscribe(HubTarget(user: "ana"), channel: "log:1"), through: nodes[1])
            for watcher in watchers {
                let heard = try await watcher.heard { $0.pushes.count >= 2 }
                #expect(heard.pushes.last == Push(channel: "log:1", body: .unsubscribe(.server)))
            }
            try write(disconnect(HubTarget(user: "ana")), through: nodes[2])
            for watcher in watchers {
                let heard = try await watcher.heard { $0.closed != nil }
                #expect(heard.closed == .forceNoReconnect && heard.pushes.count == 2)
            }
        }
    }

    @Test func `an order by a session's secret finds it on another node, and the log does not hold the secret`() async throws {
        try await withCluster(of: 2, bus: nil) { nodes in
            let (meant, other) = (try await nodes[1].watch(""), try await nodes[1].watch(""))
            let secret = try await meant.names().secret
            try write(disconnect(HubTarget(user: "ana", session: secret)), through: nodes[0])
            _ = try await meant.heard { $0.closed != nil }
            #expect(other.heard.closed == nil)
            let page = try await nodes[0].log.read(channel: SystemChannel.orders.name, after: nil, limit: 10, reverse: false)
            #expect(page.entries.count == 1 && !page.entries[0].data.text.contains(secret))
        }
    }

    @Test func `orders of several nodes are carried out in the order of the log`() async throws {
        try await RedisServer.run { redis in
            try await withCluster(of: 3, bus: try RedisAddress(url: redis.url)) { nodes in
                for node in nodes { await node.isOnBus() }
                let watcher = try await nodes[2].watch("")
                for seconds in 1_000..<1_060 {
                    let order = HubOrder.Action.refresh(
                        HubTarget(user: "ana"), expiresAt: TestTime().now.advanced(bySeconds: Int64(seconds)))
                    try write(order, through: nodes[seconds % 2])
                }
                let heard = try await watcher.heard { $0.pushes.count == 60 }
                #expect(heard.pushes == (1_000..<1_060).map { Push(body: .refresh(RefreshPush(expires: true, ttl: $0))) })
            }
        }
    }

    @Test func `a revocation reaches the server's own parts of every node, once and in order`() async throws {
        try await withCluster(of: 2, bus: nil) { nodes in
            let heard = Mutex<[Int64]>([])
            nodes[1].relay.observe(SystemChannel.revocations, Revocation.self) { revocation in
                heard.withLock { $0.append(revocation.userID.rawValue) }
            }
            for user in 1...50 {
                let revocation = Revocation(scope: .account, userID: UserID(Int64(user)), at: TestTime().now)
                let envelope = EventEnvelope(type: Revocation.type, id: "\(user)", at: TestTime().now, data: revocation)
                nodes[user % 2].commit(try envelope.json().text, to: SystemChannel.revocations.name)
            }
            while heard.withLock({ $0.count }) < 50 { await Task.yield() }
            #expect(heard.withLock { $0 } == Array(1...50))
        }
    }

    @Test func `whoever can reach the bus can neither send people away nor hide who was sent away`() async throws {
        let node = ClusterNode("node-1", log: MemoryLog(), bus: nil, rules: TestAccess.Rules())
        try await node.join()
        let (ana, ben) = (try await node.watch("log:1"), try await node.watch("log:1", as: "ben"))
        func event(_ user: String) throws -> RawJSON {
            let order = HubOrder(disconnect(HubTarget(user: user)))
            return try EventEnvelope(type: HubOrder.type, id: "1", at: TestTime().now, data: order).json()
        }
        let place = StreamPosition(epoch: "e1", offset: 1)
        let forged = CommittedEvent(channel: SystemChannel.orders.name, position: place, data: try event("ana"))
        let foreign = CommittedEvent(channel: "log:1", position: StreamPosition(epoch: "other", offset: 9), data: RawJSON("1"))
        node.relay.received([.committed(forged), .committed(foreign)])
        // The true event of that place comes by the log.
        _ = node.log.append(try event("ben").text, to: SystemChannel.orders.name)
        node.relay.received([.moved(channel: SystemChannel.orders.name)])
        _ = try await ben.heard { $0.closed != nil }
        #expect(ana.heard.closed == nil && ana.heard.pushes.isEmpty && ana.heard.publications.isEmpty)
        try await node.leave()
    }

    @Test func `a node that was frozen hears who was sent away before it tells what the bus has brought`() async throws {
        let log = MemoryLog()
        let node = ClusterNode("node-1", log: log, bus: nil, rules: TestAccess.Rules())
        // It has not looked at the log yet, as one that has just woken.
        let watcher = try await node.watch("log:1")
        let event = log.append("1", to: "log:1")
        node.relay.received([.committed(event)])
        await node.hub.ordersCarriedOut()
        #expect(watcher.heard.publications.isEmpty)
        let order = HubOrder(disconnect(HubTarget(user: "ana")))
        try await node.join()
        let envelope = EventEnvelope(type: HubOrder.type, id: "1", at: TestTime().now, data: order)
        _ = log.append(try envelope.json().text, to: SystemChannel.orders.name)
        _ = log.append("2", to: "log:1")
        node.follower.wake()
        let heard = try await watcher.heard { $0.closed != nil }
        #expect(heard.publications.isEmpty)
        try await node.leave()
    }
}
