import Core
import Logging
import NIOCore
import Realtime

extension Gateway {
    /// The doorway with everything behind it.
    ///
    /// - Parameters:
    ///   - hub: where sockets go that are opened at `/connection/websocket` and `/ws/notifications`.
    ///   - drainSeconds: over how long the closes of the sockets are spread at shutdown.
    ///   - onBound: called with the port as soon as connections are accepted.
    /// - Throws: where the API document can't be made; never for endpoints that can be described.
    public init(
        api: API, authenticator: any Authenticator, hub: Hub, readiness: Readiness, configuration: GatewayConfiguration, drainSeconds: Int,
        eventLoopGroup: any EventLoopGroup, time: any TimeSource, logger: Logger, onBound: @escaping @Sendable (_ port: Int) async -> Void
    ) throws {
        let routes = WebSocketRoutes(hub: hub, authenticator: authenticator, allowedOrigins: configuration.allowedOrigins)
        try self.init(
            api: api, authenticator: authenticator, readiness: readiness, configuration: configuration, eventLoopGroup: eventLoopGroup,
            time: time, logger: logger, upgrades: { routes.resolve($0) }, drain: { await hub.drain(overSeconds: drainSeconds) },
            onBound: onBound
        )
    }
}
