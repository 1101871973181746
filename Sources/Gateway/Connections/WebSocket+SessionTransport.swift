import Realtime
import Wire

extension WebSocket: SessionTransport {
    func send(message: [UInt8]) { sendText(message) }

    func sendPing() { send(frame: FrameWriter.ping()) }

    func close(_ reason: Disconnect) { close(code: reason.code, reason: reason.reason) }
}
