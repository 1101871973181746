import Core
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// The doorway: one port for HTTP and WebSocket, in front of everything that is registered.
///
/// Run it in a `ServiceGroup`. At graceful shutdown it first calls itself unready, so that balancers look elsewhere and upgrades are
/// refused, then drains the sockets, and only then stops accepting and finishes the requests that are under way.
public struct Gateway: Service {
    private let server: any Service
    private let drain: DrainService
    private let connections = OpenConnections()
    private let logger: Logger

    /// - Parameters:
    ///   - upgrades: decides about WebSocket upgrades; nil serves HTTP alone.
    ///   - drain: ends the sockets; called once, at shutdown.
    init(
        api: API, authenticator: any Authenticator, readiness: Readiness, configuration: GatewayConfiguration,
        eventLoopGroup: any EventLoopGroup, time: any TimeSource = SystemTime(), logger: Logger, upgrades: UpgradeResolver?,
        drain: @escaping @Sendable () async -> Void, onBound: @escaping @Sendable (_ port: Int) async -> Void
    ) throws {
        self.logger = logger
        self.drain = DrainService(readiness: readiness, drain: drain)
        let responder = HTTPResponder(
            routes: RouteTable(try Self.routes(api, readiness, configuration)),
            authenticator: authenticator,
            content: RequestContent(bytesMax: configuration.bodyBytesMax),
            crossOrigin: CrossOrigin(origins: configuration.allowedOrigins),
            requestIDs: RequestIDs(),
            date: DateField(time: time),
            log: RequestLog(logger: logger)
        )
        server = try Self.serverBuilder(configuration, upgrades, connections).buildServer(
            configuration: ServerConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                backlog: 1_024,
                availableConnectionsDelegate: configuration.connectionsMax.map { MaximumAvailableConnections($0, logger: logger) }
            ),
            eventLoopGroup: eventLoopGroup,
            logger: logger,
            responder: { request, writer, channel in
                try await responder.respond(to: request, with: writer, on: channel)
            },
            onServerRunning: { channel in
                await onBound(channel.localAddress?.port ?? configuration.port)
            }
        )
    }

    /// Serves until graceful shutdown is complete.
    ///
    /// - Throws: when the address can't be bound.
    public func run() async throws {
        // A group tells its services to stop from the last to the first, each after the one before has ended.
        let services: [any Service] = [server, drain]
        try await ServiceGroup(configuration: .init(services: services, logger: logger)).run()
        await connections.waitUntilEmpty()
    }

    private static func routes(_ api: API, _ readiness: Readiness, _ configuration: GatewayConfiguration) throws -> [Route] {
        let document = try OpenAPIDocument(describing: api, version: configuration.version)
        return Route.routes(of: api)
            + HealthPages.routes(readiness: readiness, version: configuration.version)
            + DocumentPages.routes(document: document, directory: configuration.documentsDirectory)
    }

    private static func serverBuilder(
        _ configuration: GatewayConfiguration, _ upgrades: UpgradeResolver?, _ connections: OpenConnections
    ) -> HTTPServerBuilder {
        let readTimeout = TimeAmount.seconds(Int64(configuration.readSecondsMax))
        let writeTimeout = TimeAmount.seconds(Int64(configuration.writeSecondsMax))
        let http = HTTP1Channel.Configuration(
            additionalChannelHandlers: [
                RequestDeadlineHandler(timeout: readTimeout), ResponseDeadlineHandler(timeout: writeTimeout),
            ],
            idleTimeout: .seconds(Int64(configuration.idleSecondsMax))
        )
        guard let upgrades else { return .http1(configuration: http) }
        return HTTPServerBuilder { WebSocketChannel(responder: $0, http: http, connections: connections, resolve: upgrades) }
    }
}

/// Waits for graceful shutdown and takes the server out of service in good order.
private struct DrainService: Service {
    let readiness: Readiness
    let drain: @Sendable () async -> Void

    func run() async throws {
        try await gracefulShutdown()
        readiness.block("draining")
        await drain()
    }
}
