import Core
import NIOHTTP1
import Realtime

/// The paths at which a WebSocket lives, and who may open one there.
struct WebSocketRoutes: Sendable {
    private let hub: Hub
    private let authenticator: any Authenticator
    private let origins: OriginPolicy
    private let trustedProxies: TrustedProxies
    private let carriesBytes: Bool
    private let refusals: Refusals

    /// - Parameters:
    ///   - allowedOrigins: Web pages of other hosts that may connect, see ``OriginPolicy``.
    ///   - trustedProxies: Whose word on a client's address is taken.
    ///   - carriesBytes: As for ``GatewayConfiguration``.
    ///   - refusals: Where those are counted who may not.
    init(
        hub: Hub, authenticator: any Authenticator, allowedOrigins: [String], trustedProxies: TrustedProxies = .nobody,
        carriesBytes: Bool = false, refusals: Refusals = Refusals()
    ) {
        self.hub = hub
        self.authenticator = authenticator
        origins = OriginPolicy(allowed: allowedOrigins)
        self.trustedProxies = trustedProxies
        self.carriesBytes = carriesBytes
        self.refusals = refusals
    }

    /// An ``UpgradeResolver``.
    func resolve(_ request: UpgradeRequest) -> UpgradeDecision {
        let decide: (UpgradeRequest) -> UpgradeDecision
        switch request.path {
        case "/connection/websocket": decide = connection
        case "/connection/uni_websocket": decide = unidirectional
        case "/ws/notifications": decide = notifications
        default: return .notWebSocket
        }
        guard hub.acceptsConnections else {
            refusals.count(hub.isDraining ? .draining : .full)
            return .refuse(.serviceUnavailable, reason: "No more connections are accepted at the moment.")
        }
        guard origins.admits(request.headers) else {
            refusals.count(.origin)
            return .refuse(.forbidden, reason: "Pages of this origin may not connect.")
        }
        return decide(request)
    }

    // MARK: The Centrifuge client protocol

    private static let json = "centrifuge-json"
    private static let protobuf = "centrifuge-protobuf"

    /// Who connects is told inside of the protocol: clients take a refused upgrade for a broken network and try again for ever.
    private func connection(_ request: UpgradeRequest) -> UpgradeDecision {
        // Tools without a client library, which show pings but can't answer the protocol's.
        let mode: SessionMode = request.query("cf_ws_frame_ping_pong") == "true" ? .framePings : .bidirectional
        return accept(request, json: .json(mode), protobuf: .protobuf(mode, carriesBytes: carriesBytes))
    }

    /// The client's first message is its connect request, and its last.
    private func unidirectional(_ request: UpgradeRequest) -> UpgradeDecision {
        accept(request, json: .unidirectionalJSON, protobuf: .unidirectionalProtobuf(carriesBytes: carriesBytes))
    }

    private func accept(_ request: UpgradeRequest, json: WebSocketDialect, protobuf: WebSocketDialect) -> UpgradeDecision {
        let offered = request.subprotocols.first { $0 == Self.json || $0 == Self.protobuf }
        // The query is for clients that can't offer a subprotocol, and for those behind proxies that lose it.
        let isForced = request.query("format") == "protobuf" || request.query("cf_protocol") == "protobuf"
        let dialect = isForced || offered == Self.protobuf ? protobuf : json
        let source = source(of: request)
        return .accept(subprotocol: offered) { [hub] _ in ConnectionDelegate(hub: hub, dialect: dialect, source: source) }
    }

    private func source(of request: UpgradeRequest) -> ConnectionSource {
        ConnectionSource(of: request.remoteAddress, forwarded: request.headers["x-forwarded-for"], trustedProxies)
    }

    // MARK: Plain notifications

    private static let bearer = "bearer"

    private func notifications(_ request: UpgradeRequest) -> UpgradeDecision {
        guard let (token, subprotocol) = token(of: request) else {
            refusals.count(.credentials)
            return .refuse(.unauthorized, reason: "An access token is needed.")
        }
        let source = source(of: request)
        return .later { [hub, authenticator, refusals] in
            do {
                let caller = try await authenticator.authenticate(token: token)
                guard !caller.mustChangePassword else {
                    refusals.count(.credentials)
                    return .refuse(.forbidden, reason: AccessError.mustChangePassword.detail)
                }
                // Read before the client learns that it is connected: whatever happens after that it will be told.
                let position = try await hub.position(ofPersonalChannelOf: caller)
                return .accept(subprotocol: subprotocol) { _ in
                    NotificationDelegate(hub: hub, caller: caller, since: position, source: source)
                }
            } catch let error as AuthenticationError {
                refusals.count(.credentials)
                return .refuse(.unauthorized, reason: error.detail)
            } catch {
                return .refuse(.serviceUnavailable, reason: "The connection could not be prepared.")
            }
        }
    }

    /// From `Authorization`, or for browsers, which can't set it, from `Sec-WebSocket-Protocol: bearer, <token>` or `?token=`.
    private func token(of request: UpgradeRequest) -> (token: String, subprotocol: String?)? {
        if let header = request.headers.first(name: "authorization") {
            let parts = header.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == Self.bearer else { return nil }
            return (String(parts[1]), nil)
        }
        let offered = request.subprotocols
        if offered.count == 2, offered[0] == Self.bearer { return (offered[1], Self.bearer) }
        return request.query("token").map { ($0, nil) }
    }
}
