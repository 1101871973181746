import NIOCore
import NIOHTTP1

/// What becomes of an ``UpgradeRequest``.
enum UpgradeDecision: Sendable {
    /// No WebSocket lives at that path: the request goes to the HTTP router, as if it had asked for nothing.
    case notWebSocket

    /// Answered with `status` and a problem document that tells `reason`, then the connection closes.
    case refuse(HTTPResponseStatus, reason: String)

    /// The connection becomes a WebSocket. `subprotocol` must be one that the client offered; `configuration` takes the place of the
    /// listener's. The delegate is made on the connection's loop.
    case accept(
        subprotocol: String?, configuration: WebSocketConfiguration? = nil, makeDelegate: @Sendable (any EventLoop) -> any WebSocketDelegate
    )

    /// The answer takes time, to verify a token perhaps. Until then nothing more is read from the connection.
    case later(@Sendable () async -> UpgradeDecision)
}

/// Decides about an upgrade. Called on the connection's event loop: it must not block, see ``UpgradeDecision/later(_:)``.
typealias UpgradeResolver = @Sendable (UpgradeRequest) -> UpgradeDecision
