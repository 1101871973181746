import Core
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// The doorway: HTTP and WebSocket on each of its ports, in front of everything that is registered.
///
/// Run it in a `ServiceGroup`. At graceful shutdown it first calls itself unready, so that balancers look elsewhere and upgrades are
/// refused, then drains the sockets, and only then stops accepting and finishes the requests that are under way.
public struct Gateway: Service {
    private let servers: [any Service]
    private let drain: DrainService
    private let connections = OpenConnections()
    private let certificates: TLSCertificates?
    private let logger: Logger

    /// - Parameters:
    ///   - companions: ports beside the configured one.
    ///   - webSocket: the bounds of WebSockets, where a route has none of its own.
    ///   - metrics: what is counted, and shown at `/metrics`.
    ///   - upgrades: decides about WebSocket upgrades; nil serves HTTP alone.
    ///   - streams: opens streamed answers; nil for none.
    ///   - drain: ends the sockets; called once, at shutdown.
    ///   - onBound: called once all ports are bound, with the configured one first.
    /// - Throws: where the API document can't be made, or the certificate can't be used.
    init(
        api: API, plainEndpoints: [PlainEndpoint] = [], companions: [Listener] = [], authenticator: any Authenticator, readiness: Readiness,
        configuration: GatewayConfiguration, webSocket: WebSocketConfiguration = .init(), metrics: GatewayMetrics = GatewayMetrics(),
        eventLoopGroup: any EventLoopGroup, time: any TimeSource = SystemTime(), logger: Logger, upgrades: UpgradeResolver?,
        streams: StreamRoutes? = nil, drain: @escaping @Sendable () async -> Void,
        onBound: @escaping @Sendable (_ ports: [Int]) async -> Void
    ) throws {
        self.logger = logger
        self.drain = DrainService(readiness: readiness, drain: drain)
        certificates = try configuration.tls.map { try TLSCertificates($0, logger: logger) }
        let builder = Self.serverBuilder(configuration, webSocket, upgrades, streams, connections, certificates, metrics.refusals)
        let listeners =
            [Listener(option: "--port", port: configuration.port, api: api, plainEndpoints: plainEndpoints)] + companions
        let bound = BoundPorts(listeners: listeners.count)
        let (date, requestIDs) = (DateField(time: time), RequestIDs())
        servers = try listeners.enumerated().map { index, listener -> any Service in
            let responder = HTTPResponder(
                routes: RouteTable(
                    try Self.routes(listener.api, readiness, configuration) + metrics.routes(configuration)
                        + listener.plainEndpoints.map { Route($0.method, $0.path, .plain($0)) } + (streams?.routes ?? [])
                ),
                api: listener.api,
                authenticator: authenticator,
                content: RequestContent(bytesMax: configuration.bodyBytesMax),
                crossOrigin: CrossOrigin(origins: configuration.allowedOrigins),
                trustedProxies: configuration.trustedProxies,
                requestIDs: requestIDs,
                date: date,
                time: time,
                log: RequestLog(logger: logger),
                metrics: metrics.requests
            )
            let server = try builder.buildServer(
                configuration: ServerConfiguration(
                    address: .hostname(configuration.host, port: listener.port),
                    backlog: 1_024,
                    availableConnectionsDelegate: configuration.connectionsMax.map { MaximumAvailableConnections($0, logger: logger) }
                ),
                eventLoopGroup: eventLoopGroup,
                logger: logger,
                responder: { request, writer, channel in
                    try await responder.respond(to: request, with: writer, on: channel)
                },
                onServerRunning: { channel in
                    let ports = bound.add(channel.localAddress?.port ?? listener.port, of: index)
                    if let ports { await onBound(ports) }
                }
            )
            return ListeningService(server: server, listener: listener, host: configuration.host)
        }
    }

    /// Serves until graceful shutdown is complete.
    ///
    /// - Throws: ``PortInUse``, or why an address can't be bound.
    public func run() async throws {
        // A group tells its services to stop from the last to the first, each after the one before has ended.
        let services = servers + [drain]
        try await ServiceGroup(configuration: .init(services: services, logger: logger)).run()
        await connections.waitUntilEmpty()
    }

    /// Whether it has a certificate, which ``reloadCertificates()`` reads again.
    public var isEncrypting: Bool { certificates != nil }

    /// Reads the files of the certificate again: new connections are shown the new one, those that stand go on with theirs. Files that
    /// can't be used change nothing and are logged. Does nothing without TLS. Not to be called on an event loop, as it reads files.
    public func reloadCertificates() { certificates?.reload() }

    private static func routes(_ api: API, _ readiness: Readiness, _ configuration: GatewayConfiguration) throws -> [Route] {
        let document = try OpenAPIDocument(describing: api, version: configuration.version)
        return Route.routes(of: api)
            + HealthPages.routes(readiness: readiness, version: configuration.version, timeZoneVersion: configuration.timeZoneVersion)
            + DocumentPages.routes(document: document, directory: configuration.documentsDirectory)
    }

    private static func serverBuilder(
        _ configuration: GatewayConfiguration, _ webSocket: WebSocketConfiguration, _ upgrades: UpgradeResolver?,
        _ streams: StreamRoutes?, _ connections: OpenConnections, _ certificates: TLSCertificates?, _ refusals: Refusals
    ) -> HTTPServerBuilder {
        let readTimeout = TimeAmount.seconds(Int64(configuration.readSecondsMax))
        let writeTimeout = TimeAmount.seconds(Int64(configuration.writeSecondsMax))
        let http = HTTP1Channel.Configuration(
            additionalChannelHandlers: [
                RequestDeadlineHandler(timeout: readTimeout), ResponseDeadlineHandler(timeout: writeTimeout),
            ],
            idleTimeout: .seconds(Int64(configuration.idleSecondsMax))
        )
        let resolve = upgrades ?? { _ in .notWebSocket }
        let admission = Admission(
            .init(
                connectionsPerAddressMax: configuration.connectionsPerAddressMax, trustedProxies: configuration.trustedProxies,
                upgradesPerSecondMax: configuration.upgradesPerSecondMax, upgradesBurstMax: configuration.upgradesBurstMax
            ), refusals: refusals
        )
        return HTTPServerBuilder {
            WebSocketChannel(
                responder: $0, http: http, configuration: webSocket, connections: connections, admission: admission,
                certificates: certificates, streams: streams,
                resolve: configuration.servesEcho ? EchoRoute.before(resolve) : resolve
            )
        }
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

/// The life cycle's log names its services as they describe themselves, and all that the gateway holds is no name.
extension Gateway: CustomStringConvertible {
    public var description: String { "Gateway" }
}
