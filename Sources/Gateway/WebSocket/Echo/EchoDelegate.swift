/// Sends every message back as it came: for test suites of the byte layer and for operators who want to know whether a way is open.
final class EchoDelegate: WebSocketDelegate {
    private var socket: WebSocket?

    func opened(_ socket: WebSocket) {
        self.socket = socket
    }

    func received(_ message: WebSocketMessage) {
        switch message {
        case .text(let bytes): socket?.sendText(Array(bytes))
        case .binary(let bytes): socket?.sendBinary(Array(bytes))
        }
    }

    func closed(code: UInt16?, byPeer: Bool) {
        socket = nil
    }
}
