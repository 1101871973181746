import Core
import Logging
import NIOCore
import Realtime

extension WebSocketConfiguration {
    /// What a hub's connections may send and be owed.
    init(_ settings: HubSettings) {
        messageBytesMax = settings.messageBytesMax
        queueBytesMax = settings.queueBytesMax
    }
}

extension HTTPStreamConfiguration {
    /// What a hub's connections may send and be owed.
    init(_ settings: HubSettings) {
        requestBytesMax = settings.messageBytesMax
        queueBytesMax = settings.queueBytesMax
        stallTimeout = .seconds(Int64(settings.streamWriteSeconds))
    }
}

extension Gateway {
    /// The doorway with everything behind it.
    ///
    /// - Parameters:
    ///   - hub: where connections go that are opened below `/connection` and at `/ws/notifications`.
    ///   - plainEndpoints: what is served beside the API.
    ///   - companions: ports beside the configured one, with the same sockets.
    ///   - metricsSources: what `/metrics` shows beside the doorway and the hub.
    ///   - drainSeconds: over how long the closes of the sockets are spread at shutdown.
    ///   - onBound: called once connections are accepted at all ports, with the configured one first.
    /// - Throws: where the API document can't be made; never for endpoints that can be described.
    public init(
        api: API, plainEndpoints: [PlainEndpoint] = [], companions: [Listener] = [], authenticator: any Authenticator, hub: Hub,
        readiness: Readiness, configuration: GatewayConfiguration, metricsSources: [any MetricsSource] = [], drainSeconds: Int,
        eventLoopGroup: any EventLoopGroup, time: any TimeSource, logger: Logger,
        onBound: @escaping @Sendable (_ ports: [Int]) async -> Void
    ) throws {
        let metrics = GatewayMetrics(sources: [HubMetrics(hub: hub)] + metricsSources)
        let routes = WebSocketRoutes(
            hub: hub, authenticator: authenticator, allowedOrigins: configuration.allowedOrigins,
            trustedProxies: configuration.trustedProxies, carriesBytes: configuration.carriesBytes, refusals: metrics.refusals
        )
        let streams = StreamRoutes(
            hub: hub, allowedOrigins: configuration.allowedOrigins, trustedProxies: configuration.trustedProxies,
            date: DateField(time: time), configuration: HTTPStreamConfiguration(hub.settings), carriesBytes: configuration.carriesBytes,
            refusals: metrics.refusals
        )
        try self.init(
            api: api, plainEndpoints: plainEndpoints, companions: companions, authenticator: authenticator, readiness: readiness,
            configuration: configuration, webSocket: WebSocketConfiguration(hub.settings), metrics: metrics,
            eventLoopGroup: eventLoopGroup, time: time, logger: logger, upgrades: { routes.resolve($0) }, streams: streams,
            drain: { await hub.drain(overSeconds: drainSeconds) }, onBound: onBound
        )
    }
}
