import Core
import Realtime
import Wire

/// Joins one WebSocket and one plain stream of a person's events.
final class NotificationDelegate: WebSocketDelegate {
    private let hub: Hub
    private let caller: SignedInCaller
    private var session: NotificationSession?

    init(hub: Hub, caller: SignedInCaller) {
        self.hub = hub
        self.caller = caller
    }

    func opened(_ socket: WebSocket) {
        session = hub.openNotifications(on: socket.eventLoop, transport: socket, caller: caller, format: .webSocketNotification)
        if session == nil { socket.close(.internalError) }
    }

    func received(_ message: WebSocketMessage) { session?.received() }

    func closed(code: UInt16?) {
        session?.transportClosed()
        session = nil
    }
}
