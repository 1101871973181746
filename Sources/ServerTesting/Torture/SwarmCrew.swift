import NIOCore
import NIOPosix
import SeededRandom

/// The clients of a swarm on one event loop.
final class SwarmCrew {
    /// A goal that everybody has to reach, and how many have not.
    private struct Goal {
        let offset: UInt64
        var missing: Int
        let promise: EventLoopPromise<Void>
    }

    let plan: SwarmPlan
    let port: () -> Int
    private let loop: any EventLoop
    private var isolated: NIOIsolatedEventLoop { loop.assumeIsolated() }
    private(set) var reading: SwarmPlan.Reading
    private(set) var isOver = false
    private var clients: [SwarmClient] = []
    private var waiting: [SwarmClient] = []
    private var attempts = 0
    private var goal: Goal?
    /// Clients that are subscribed to everything now, and those that have been once.
    private var subscribed = 0
    private var arrived = 0
    private var whenSubscribed: EventLoopPromise<Void>?
    private var whenArrived: EventLoopPromise<Void>?
    private var generator: SplitMix64

    init(_ plan: SwarmPlan, indices: Range<Int>, loop: any EventLoop, port: @escaping () -> Int) {
        self.plan = plan
        self.port = port
        self.loop = loop
        reading = plan.reading
        generator = SplitMix64(seed: plan.seed ^ UInt64(indices.lowerBound))
        clients = indices.map { SwarmClient(crew: self, index: $0) }
    }

    var watchesProgress: Bool { goal != nil }

    var tally: SwarmTally {
        var sum = clients.reduce(SwarmTally()) { $0 + $1.tally }
        sum.live = clients.count(where: \.isSubscribed)
        return sum
    }

    // MARK: What the swarm asks

    func start() {
        for client in clients { connectLater(client) }
        if let rhythm = plan.rhythm {
            for client in clients {
                let first = Int64(generator.number(in: 1...max(Int(rhythm.interval.nanoseconds / 1_000), 1))) * 1_000
                isolated.scheduleTask(in: .nanoseconds(first)) { self.jolt(client, rhythm) }
            }
        }
        readSlowly()
    }

    func stop() {
        isOver = true
        waiting.removeAll()
        goal?.promise.fail(SwarmError.stopped)
        whenSubscribed?.fail(SwarmError.stopped)
        whenArrived?.fail(SwarmError.stopped)
        for client in clients { client.cut() }
        clients.removeAll()
    }

    func cutAll() {
        for client in clients { client.cut() }
    }

    func read(_ reading: SwarmPlan.Reading) {
        self.reading = reading
        for client in clients { client.setReading() }
        readSlowly()
    }

    /// Fulfils the promise when everybody is subscribed to everything.
    func whenEverybodyIsLive(_ promise: EventLoopPromise<Void>) {
        whenSubscribed = promise
        checkSubscribed()
    }

    /// Fulfils the promise when everybody has been subscribed to everything once.
    func whenEverybodyHasArrived(_ promise: EventLoopPromise<Void>) {
        whenArrived = promise
        checkSubscribed()
    }

    /// Fulfils the promise when everybody has come so far in every channel.
    func whenEverybodyHas(_ offset: UInt64, _ promise: EventLoopPromise<Void>) {
        goal = Goal(offset: offset, missing: clients.count { $0.offset < offset }, promise: promise)
        checkGoal()
    }

    // MARK: What the clients say

    func clientMoved(from old: UInt64, to new: UInt64) {
        guard let goal, old < goal.offset, new >= goal.offset else { return }
        self.goal?.missing -= 1
        checkGoal()
    }

    func clientSubscribed(isFirst: Bool) {
        subscribed += 1
        if isFirst { arrived += 1 }
        checkSubscribed()
    }

    func clientLost(_ client: SwarmClient, wasSubscribed: Bool) {
        if wasSubscribed { subscribed -= 1 }
        guard !isOver else { return }
        // With a rhythm the client stays away for as long as it says, otherwise for a moment.
        let pause = plan.rhythm?.offline ?? .milliseconds(Int64(generator.number(in: 1...50)))
        isolated.scheduleTask(in: pause) { self.connectLater(client) }
    }

    func attemptEnded() {
        attempts -= 1
        if !isOver, let next = waiting.popLast() { attempt(next) }
    }

    func bootstrap(_ index: Int) -> ClientBootstrap {
        var bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(.seconds(30))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        if let bytes = plan.receiveBufferBytes {
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: .init(bytes))
        }
        // Several addresses: one has some 28,000 ports, and those of ended connections are not free at once.
        if let address = try? SocketAddress(ipAddress: "127.0.0.\(2 + index % 8)", port: 0) { bootstrap = bootstrap.bind(to: address) }
        return bootstrap
    }

    // MARK: Rhythm

    private func connectLater(_ client: SwarmClient) {
        if attempts < plan.attemptsMax { attempt(client) } else { waiting.append(client) }
    }

    private func attempt(_ client: SwarmClient) {
        attempts += 1
        client.connect()
    }

    private func jolt(_ client: SwarmClient, _ rhythm: SwarmPlan.Rhythm) {
        guard !isOver else { return }
        client.cut()
        isolated.scheduleTask(in: rhythm.interval) { self.jolt(client, rhythm) }
    }

    private func readSlowly() {
        guard case .slow(let pause) = reading, !isOver else { return }
        isolated.scheduleTask(in: pause) {
            guard case .slow = self.reading else { return }
            for client in self.clients { client.readOnce() }
            self.readSlowly()
        }
    }

    private func checkSubscribed() {
        if subscribed == clients.count {
            whenSubscribed?.succeed()
            whenSubscribed = nil
        }
        if arrived == clients.count {
            whenArrived?.succeed()
            whenArrived = nil
        }
    }

    private func checkGoal() {
        guard let goal, goal.missing == 0 else { return }
        self.goal = nil
        goal.promise.succeed()
    }
}

/// Why a swarm did not do what was waited for.
public enum SwarmError: Error {
    case stopped
    case late(SwarmTally)
}

@available(*, unavailable) extension SwarmCrew: Sendable {}
