import Core
import Realtime
import Wire

/// Joins one WebSocket and one plain stream of a person's events.
final class NotificationDelegate: WebSocketDelegate {
    private let hub: Hub
    private let caller: SignedInCaller
    private let since: StreamPosition
    private let source: ConnectionSource
    private var session: NotificationSession?

    /// - Parameter since: The newest event before the client was told that it is connected.
    init(hub: Hub, caller: SignedInCaller, since: StreamPosition, source: ConnectionSource) {
        self.hub = hub
        self.caller = caller
        self.since = since
        self.source = source
    }

    func opened(_ socket: WebSocket) {
        let readsDeflated = socket.deflate?.readsSharedFrames == true
        session = hub.openNotifications(
            on: socket.eventLoop, transport: socket, caller: caller, since: since,
            format: readsDeflated ? .webSocketNotificationDeflated : .webSocketNotification, source: source
        )
        if session == nil { socket.close(.internalError) }
    }

    func received(_ message: WebSocketMessage) { session?.received() }

    func closed(code: UInt16?, byPeer: Bool) {
        session?.transportClosed(byPeer ? nil : code.map { Disconnect(code: $0, reason: "") })
        session = nil
    }
}
