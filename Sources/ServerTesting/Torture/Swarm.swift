import NIOCore
import NIOPosix

/// Thousands of clients that watch the same channels, lose their network, come back and resume.
public final class Swarm: Sendable {
    private let crews: [NIOLoopBound<SwarmCrew>]

    private init(_ crews: [NIOLoopBound<SwarmCrew>]) {
        self.crews = crews
    }

    /// Lets the clients loose for as long as the body takes.
    ///
    /// - Parameter port: where they connect; asked for each connection, so that they find the next server when one has died.
    public static func run<Result>(
        _ plan: SwarmPlan, port: @escaping @Sendable () -> Int, loops: Int = 1, _ body: (Swarm) async throws -> Result
    ) async throws -> Result {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: loops)
        do {
            let swarm = Swarm(try await crews(plan, on: group, port))
            let result = try await body(swarm)
            try await swarm.stop()
            try await group.shutdownGracefully()
            return result
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private static func crews(
        _ plan: SwarmPlan, on group: MultiThreadedEventLoopGroup, _ port: @escaping @Sendable () -> Int
    ) async throws -> [NIOLoopBound<SwarmCrew>] {
        let loops = Array(group.makeIterator())
        var crews: [NIOLoopBound<SwarmCrew>] = []
        for (number, loop) in loops.enumerated() {
            let indices = plan.count * number / loops.count..<plan.count * (number + 1) / loops.count
            crews.append(
                try await loop.submit {
                    let crew = SwarmCrew(plan, indices: indices, loop: loop, port: port)
                    crew.start()
                    return NIOLoopBound(crew, eventLoop: loop)
                }.get()
            )
        }
        return crews
    }

    private func stop() async throws {
        for crew in crews { try await crew.eventLoop.submit { crew.value.stop() }.get() }
    }

    /// Waits until everybody knows where it stands in every channel, though it may have lost its network since.
    ///
    /// - Throws: ``SwarmError/late(_:)``.
    public func hasArrived(within limit: Duration) async throws {
        try await everybody(within: limit) { $0.whenEverybodyHasArrived($1) }
    }

    /// Waits until everybody is subscribed to everything.
    ///
    /// - Throws: ``SwarmError/late(_:)``.
    public func isLive(within limit: Duration) async throws {
        try await everybody(within: limit) { $0.whenEverybodyIsLive($1) }
    }

    /// Waits until everybody has come this far in every channel.
    ///
    /// - Throws: ``SwarmError/late(_:)``.
    public func hasReached(_ offset: UInt64, within limit: Duration) async throws {
        try await everybody(within: limit) { $0.whenEverybodyHas(offset, $1) }
    }

    /// Everybody loses the network at once.
    public func cutAll() async throws {
        for crew in crews { try await crew.eventLoop.submit { crew.value.cutAll() }.get() }
    }

    /// Everybody reads in this way from now on.
    public func read(_ reading: SwarmPlan.Reading) async throws {
        for crew in crews { try await crew.eventLoop.submit { crew.value.read(reading) }.get() }
    }

    /// What has been seen until now.
    public func tally() async throws -> SwarmTally {
        var sum = SwarmTally()
        for crew in crews { sum = sum + (try await crew.eventLoop.submit { crew.value.tally }.get()) }
        return sum
    }

    private func everybody(
        within limit: Duration, _ wait: @escaping @Sendable (SwarmCrew, EventLoopPromise<Void>) -> Void
    ) async throws {
        let done = crews.map { crew in
            let promise = crew.eventLoop.makePromise(of: Void.self)
            crew.eventLoop.execute { wait(crew.value, promise) }
            return promise.futureResult
        }
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let promise = loop.makePromise(of: Bool.self)
        let deadline = loop.scheduleTask(in: TimeAmount(limit)) { promise.succeed(false) }
        EventLoopFuture.andAllSucceed(done, on: loop).whenComplete { promise.succeed((try? $0.get()) != nil) }
        let isDone = try await promise.futureResult.get()
        deadline.cancel()
        if !isDone { throw SwarmError.late(try await tally()) }
    }
}
