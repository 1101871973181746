import Realtime
import Wire

/// Joins one WebSocket and one session of the Centrifuge client protocol in JSON.
final class ConnectionDelegate: WebSocketDelegate {
    private let hub: Hub
    private weak var socket: WebSocket?
    private var session: Session?

    init(hub: Hub) {
        self.hub = hub
    }

    func opened(_ socket: WebSocket) {
        self.socket = socket
        session = hub.openSession(on: socket.eventLoop, transport: socket, codec: JSONCodec(), format: .webSocketJSON)
        if session == nil { socket.close(.internalError) }
    }

    func received(_ message: WebSocketMessage) {
        switch message {
        case .text(let bytes): session?.received(bytes)
        // Only clients that speak Protobuf send these, and that was not agreed on.
        case .binary: socket?.close(.inappropriateProtocol)
        }
    }

    func closed(code: UInt16?) {
        session?.transportClosed()
        session = nil
    }
}
