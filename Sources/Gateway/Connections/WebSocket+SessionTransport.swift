import NIOCore
import Realtime
import Wire

extension WebSocket: SessionTransport {
    func send(message: [UInt8]) { sendText(message) }

    func sendPing(_ message: [UInt8]?) {
        sendPing(frame: message.map { FrameWriter.frame(text: $0, deflate: deflate) } ?? FrameWriter.ping())
    }

    func close(_ reason: Disconnect) { close(code: reason.code, reason: reason.reason) }
}

/// A WebSocket whose messages are binary.
final class BinaryWebSocket: SessionTransport {
    private let socket: WebSocket

    init(_ socket: WebSocket) {
        self.socket = socket
    }

    var queuedBytes: Int { socket.queuedBytes }

    var onWritable: (() -> Void)? {
        get { socket.onWritable }
        set { socket.onWritable = newValue }
    }

    var directSocket: DirectSocket? { socket.directSocket }
    func send(message: [UInt8]) { socket.sendBinary(message) }
    func send(frame: ByteBuffer) { socket.send(frame: frame) }
    func send(rest: ByteBuffer) { socket.send(rest: rest) }
    func sendPing(_ message: [UInt8]?) {
        socket.sendPing(frame: message.map { FrameWriter.frame(binary: $0, deflate: socket.deflate) } ?? FrameWriter.ping())
    }
    func flush() { socket.flush() }
    func tick(now: NIODeadline) { socket.tick(now: now) }
    func close(_ reason: Disconnect) { socket.close(reason) }
}

@available(*, unavailable)
extension BinaryWebSocket: Sendable {}
