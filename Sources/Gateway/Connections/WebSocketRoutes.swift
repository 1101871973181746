import Core
import NIOHTTP1
import Realtime

/// The paths at which a WebSocket lives, and who may open one there.
struct WebSocketRoutes: Sendable {
    private let hub: Hub
    private let authenticator: any Authenticator
    private let origins: OriginPolicy

    /// - Parameter allowedOrigins: Web pages of other hosts that may connect, see ``OriginPolicy``.
    init(hub: Hub, authenticator: any Authenticator, allowedOrigins: [String]) {
        self.hub = hub
        self.authenticator = authenticator
        origins = OriginPolicy(allowed: allowedOrigins)
    }

    /// An ``UpgradeResolver``.
    func resolve(_ request: UpgradeRequest) -> UpgradeDecision {
        let decide: (UpgradeRequest) -> UpgradeDecision
        switch request.path {
        case "/connection/websocket": decide = connection
        case "/ws/notifications": decide = notifications
        default: return .notWebSocket
        }
        guard hub.acceptsConnections else {
            return .refuse(.serviceUnavailable, reason: "No more connections are accepted at the moment.")
        }
        guard origins.admits(request.headers) else {
            return .refuse(.forbidden, reason: "Pages of this origin may not connect.")
        }
        return decide(request)
    }

    // MARK: The Centrifuge client protocol

    private static let json = "centrifuge-json"
    private static let protobuf = "centrifuge-protobuf"

    /// Who connects is told inside of the protocol: clients take a refused upgrade for a broken network and try again for ever.
    private func connection(_ request: UpgradeRequest) -> UpgradeDecision {
        let offered = request.subprotocols
        let speaksJSON = offered.contains(Self.json)
        guard speaksJSON || !offered.contains(Self.protobuf) else {
            return .refuse(.badRequest, reason: "The subprotocol \(Self.protobuf) is not supported; use \(Self.json).")
        }
        return .accept(subprotocol: speaksJSON ? Self.json : nil) { [hub] _ in ConnectionDelegate(hub: hub) }
    }

    // MARK: Plain notifications

    private static let bearer = "bearer"

    private func notifications(_ request: UpgradeRequest) -> UpgradeDecision {
        guard let (token, subprotocol) = token(of: request) else {
            return .refuse(.unauthorized, reason: "An access token is needed.")
        }
        return .later { [hub, authenticator] in
            do {
                let caller = try await authenticator.authenticate(token: token)
                return .accept(subprotocol: subprotocol) { _ in NotificationDelegate(hub: hub, caller: caller) }
            } catch let error as AuthenticationError {
                return .refuse(.unauthorized, reason: error.detail)
            } catch {
                return .refuse(.serviceUnavailable, reason: "The access token could not be checked.")
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
