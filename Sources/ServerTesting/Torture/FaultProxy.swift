import NIOCore
import NIOPosix
import Synchronization

/// Stands between clients and a server on the loopback and does to each connection what its plan says.
public final class FaultProxy: Sendable {
    /// Gives the plan of the connection with this number; they are counted from zero in the order in which they come.
    public typealias Planner = @Sendable (_ connection: Int) -> FaultPlan

    private struct State {
        var serverPort: Int
        var planner: Planner
        var connections = 0
        var tally = FaultTally()
        var links: [Int: NIOLoopBound<FaultLink>] = [:]
    }

    /// Where clients connect.
    public let port: Int
    private let shared: Shared

    private init(_ listener: any Channel, _ shared: Shared) {
        self.shared = shared
        port = listener.localAddress?.port ?? 0
    }

    /// Listens for as long as the body takes, on an event loop of its own: turns are counted, and nobody else's work is to make them long.
    public static func run<Result>(
        to serverPort: Int, plan: @escaping Planner, _ body: (FaultProxy) async throws -> Result
    ) async throws -> Result {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let shared = Shared(State(serverPort: serverPort, planner: plan))
            let listener = try await ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: 1_024)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.autoRead, value: false)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelInitializer { accept($0, shared) }
                .bind(host: "127.0.0.1", port: 0).get()
            let proxy = FaultProxy(listener, shared)
            let result = try await body(proxy)
            try await listener.close()
            proxy.cutAll(.reset)
            try await group.shutdownGracefully()
            return result
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    /// Connections that come from now on go to this port.
    public func redirect(to serverPort: Int) {
        shared.state.withLock { $0.serverPort = serverPort }
    }

    /// Nothing goes wrong with connections that come from now on.
    public func stopFaults() {
        shared.state.withLock { $0.planner = { _ in .none } }
    }

    /// Cuts every connection there is.
    public func cutAll(_ ending: Fault.Ending) {
        for link in shared.state.withLock({ Array($0.links.values) }) {
            link.eventLoop.execute { link.value.cut(ending) }
        }
    }

    public var tally: FaultTally { shared.state.withLock { $0.tally } }

    // MARK: Connections

    private static func accept(_ client: any Channel, _ shared: Shared) -> EventLoopFuture<Void> {
        let (number, serverPort, planner) = shared.state.withLock { state in
            defer { state.connections += 1 }
            return (state.connections, state.serverPort, state.planner)
        }
        return ClientBootstrap(group: client.eventLoop)
            .channelOption(.autoRead, value: false)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connect(host: "127.0.0.1", port: serverPort)
            .flatMapThrowing { server in
                shared.state.withLock { $0.tally.links += 1 }
                try join(client, server, planner(number), number, shared)
            }
            .flatMapError { error in
                shared.state.withLock { $0.tally.unanswered += 1 }
                return client.eventLoop.makeFailedFuture(error)
            }
    }

    private static func join(
        _ client: any Channel, _ server: any Channel, _ plan: FaultPlan, _ number: Int, _ shared: Shared
    ) throws {
        let link = FaultLink(client: client, server: server, plan: plan) { action in
            shared.state.withLock { $0.tally.note(action) }
        } passed: { count, direction in
            shared.state.withLock { state in
                if direction == .toServer { state.tally.bytesToServers += count } else { state.tally.bytesToClients += count }
            }
        }
        try client.pipeline.syncOperations.addHandler(FaultLinkHandler(link, .toServer))
        try server.pipeline.syncOperations.addHandler(FaultLinkHandler(link, .toClient))
        let bound = NIOLoopBound(link, eventLoop: client.eventLoop)
        shared.state.withLock { $0.links[number] = bound }
        client.closeFuture.and(server.closeFuture).whenComplete { _ in shared.state.withLock { $0.links[number] = nil } }
        // The accepted side becomes active only after this; a fault at the first byte needs both.
        client.eventLoop.execute { bound.value.begin() }
    }

    /// What the proxy shares with its connections.
    private final class Shared: Sendable {
        let state: Mutex<State>

        init(_ state: State) { self.state = Mutex(state) }
    }
}
