import Core
import Logging
import NIOCore
import NIOPosix
import Wire

@testable import Realtime

/// A node of a cluster: a hub on two event loops of its own, with everything that leads to the others.
final class ClusterNode: Sendable {
    let name: String
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    let log: MemoryLog
    let hub: Hub
    let relay: EventRelay
    let bus: RedisBus?
    let follower: LogFollower
    let lease = LogLease()

    /// - Parameter bus: nil for a node that has the log alone.
    init(_ name: String, log: MemoryLog, bus address: RedisAddress?, rules: TestAccess.Rules, _ settings: HubSettings = HubSettings()) {
        var settings = settings
        settings.node = name
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        self.name = name
        self.log = log
        bus = address.map { RedisBus($0, node: name, logger: logger) }
        hub = Hub(
            eventLoops: Array(group.makeIterator()),
            services: HubServices(
                log: log, access: TestAccess(rules), bus: bus, roster: bus?.clusterRoster, time: TestTime(), logger: logger
            ),
            settings: settings
        )
        relay = EventRelay(hub: hub, bus: bus, lease: lease, logger: logger)
        follower = LogFollower(tail: log, log: log, relay: relay, hub: hub, lease: lease, eventLoop: group.next(), logger: logger)
    }

    func join() async throws {
        try await follower.start()
        bus?.clusterRoster.start(hub)
        bus?.start(relay)
    }

    func leave() async throws {
        await bus?.stop()
        await follower.stop()
        try await group.shutdownGracefully()
    }

    /// Commits as a node does: the log first, then everybody else. Two at once on one node would be out of order.
    func commit(_ data: String, to channel: String) {
        relay.committed([log.append(data, to: channel)])
    }

    /// Commits and dies before it has told anybody.
    func commitUntold(_ data: String, to channel: String) {
        _ = log.append(data, to: channel)
    }

    func watch(_ channel: String, as user: String = "ana") async throws -> ClusterWatcher {
        try await ClusterWatcher.open(on: self, as: user, channel)
    }

    /// Returns once the bus carries in both directions.
    func isOnBus() async {
        while bus?.figures.isConnected == false { await Task.yield() }
    }
}

/// Several nodes over one log.
func withCluster<Result: Sendable>(
    of count: Int = 2, bus: RedisAddress?, rules: TestAccess.Rules = TestAccess.Rules(), _ settings: HubSettings = HubSettings(),
    _ body: ([ClusterNode]) async throws -> Result
) async throws -> Result {
    let log = MemoryLog()
    let nodes = (1...count).map { ClusterNode("node-\($0)", log: log, bus: bus, rules: rules, settings) }
    for node in nodes { try await node.join() }
    let result: Swift.Result<Result, any Error>
    do {
        result = .success(try await body(nodes))
    } catch {
        result = .failure(error)
    }
    for node in nodes { try await node.leave() }
    return try result.get()
}
