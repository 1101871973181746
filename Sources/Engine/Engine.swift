import Core
import Gateway
import Logging
import NIOCore
import NIOPosix
import Realtime
import ServiceLifecycle
import Wire

/// The real-time engine alone, without the booking domain: channels in namespaces, tokens of an application's back end, a log in memory and
/// a server API.
public struct Engine: Sendable {
    /// What is known once connections are accepted.
    public struct Started: Sendable {
        public let port: Int
    }

    /// Ends what ``run(handlesSignals:beside:onStarted:)`` began, in good order.
    public typealias Stop = @Sendable () -> Void

    private let configuration: EngineConfiguration
    private let time: any TimeSource
    private let logger: Logger

    /// - Parameter time: the clock of tokens and of what the log keeps.
    public init(_ configuration: EngineConfiguration, time: any TimeSource = SystemTime(), logger: Logger? = nil) {
        self.configuration = configuration
        self.time = time
        var logger = logger ?? Logger(label: "ringside")
        logger.logLevel = configuration.logLevel
        self.logger = logger
    }

    /// Serves until SIGTERM, SIGINT or cancellation, and leaves in good order: unready, connections drained, requests finished.
    ///
    /// - Parameters:
    ///   - handlesSignals: false where the process belongs to somebody else.
    ///   - companions: what runs beside the doorway and hears of a shutdown before it does.
    /// - Throws: what keeps the engine from starting.
    public func run(
        handlesSignals: Bool = true, beside companions: @Sendable (Gateway) async -> [any Service] = { _ in [] },
        onStarted: @escaping @Sendable (Started, @escaping Stop) async -> Void
    ) async throws {
        logger.info("starting", metadata: configuration.summary)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.loops)
        do {
            try await serve(on: group, handlesSignals, companions, onStarted)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
        logger.info("stopped")
    }

    private func serve(
        on group: MultiThreadedEventLoopGroup, _ handlesSignals: Bool, _ companions: @Sendable (Gateway) async -> [any Service],
        _ onStarted: @escaping @Sendable (Started, @escaping Stop) async -> Void
    ) async throws {
        let channels = configuration.channels
        let log = MemoryLog(limits: configuration.log, time: time) { channels.retention(of: $0) }
        let hub = Hub(
            eventLoops: Array(group.makeIterator()),
            services: HubServices(
                log: log, access: EngineAccess(client: configuration.client, channels: channels, log: log, time: time), time: time,
                logger: logger
            ),
            settings: configuration.hub
        )
        log.connect(EventRelay(hub: hub, logger: logger))
        let (stops, stopping) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let gateway = try Gateway(
            api: API(surface: Surface(name: "realtime")), plainEndpoints: [serverAPI(hub, log)], authenticator: NoAccounts(), hub: hub,
            readiness: Readiness(), configuration: gatewayConfiguration, drainSeconds: configuration.drainSeconds, eventLoopGroup: group,
            time: time, logger: logger
        ) { ports in
            logger.info("listening", metadata: ["port": "\(ports[0])"])
            await onStarted(Started(port: ports[0])) { stopping.finish() }
        }
        let services: [any Service] = [gateway] + (await companions(gateway))
        let lifecycle = ServiceGroup(
            configuration: .init(
                services: services.map { .init(service: $0) } + [
                    .init(service: StopRequest(stops: stops), successTerminationBehavior: .gracefullyShutdownGroup)
                ],
                gracefulShutdownSignals: handlesSignals ? [.sigterm, .sigint] : [], logger: logger
            )
        )
        try await hub.whileServing { try await lifecycle.run() }
    }

    private func serverAPI(_ hub: Hub, _ log: MemoryLog) -> PlainEndpoint {
        let permissions = ChannelPermissions(rules: configuration.channels, isInsecure: false)
        // Nobody else has connections, so there is no log that an order would have to go through.
        let api = ServerAPI(hub: hub, log: log, channelLog: log, time: time) { order in
            await hub.carryOut(order)
        } options: { channel in
            try? permissions.options(of: channel, for: "back end")
        }
        let key = APIKey(configuration.apiKey)
        let isInsecure = configuration.isAPIInsecure
        return api.endpoint(at: "/api", admits: { fields in isInsecure || key?.opens(fields) == true })
    }

    private var gatewayConfiguration: GatewayConfiguration {
        GatewayConfiguration(
            host: configuration.host, port: configuration.port, connectionsPerAddressMax: configuration.connectionsPerAddressMax,
            upgradesPerSecondMax: configuration.upgradesPerSecondMax, upgradesBurstMax: configuration.upgradesBurstMax,
            tls: configuration.tls, servesEcho: configuration.hasEcho,
            metricsAccess: configuration.metricsAccess, allowedOrigins: configuration.allowedOrigins, carriesBytes: true,
            version: configuration.hub.version
        )
    }
}

/// Ends with the wish to stop, which takes everything else along.
private struct StopRequest: Service {
    let stops: AsyncStream<Void>

    func run() async throws {
        for await _ in stops.cancelOnGracefulShutdown() {}
    }
}
