import NIOCore
import Realtime
import Wire

/// A transport that keeps what a peer would have received, and when it was flushed.
final class RecordingTransport: SessionTransport {
    private(set) var messages: [ServerMessage] = []
    /// Frames as text, one for each send.
    private(set) var frames: [String] = []
    private(set) var flushes = 0
    private(set) var pings = 0
    private(set) var ticks = 0
    private(set) var closed: Disconnect?
    var queuedBytes = 0
    var onWritable: (() -> Void)?
    /// The peer reads nothing: what is sent adds up in ``queuedBytes``.
    var isStuck = false
    private(set) var queuedBytesHighest = 0

    func send(message: [UInt8]) {
        if isStuck {
            queuedBytes += message.count
            queuedBytesHighest = max(queuedBytesHighest, queuedBytes)
        }
        keep(message)
    }

    /// Several frames may come end to end; the formats of the tests end each with a line break.
    func send(frame: ByteBuffer) {
        keep(Array(frame.readableBytesView.reversed().drop { $0 == UInt8(ascii: "\n") }.reversed()))
    }

    func sendPing(_ message: [UInt8]?) {
        if let message { send(message: message) } else { pings += 1 }
    }

    func flush() { flushes += 1 }

    func tick(now: NIODeadline) { ticks += 1 }

    func close(_ reason: Disconnect) { closed = reason }

    func take() -> [ServerMessage] {
        defer { messages = [] }
        return messages
    }

    private func keep(_ bytes: [UInt8]) {
        frames.append(String(decoding: bytes, as: UTF8.self))
        // A notification is no message of the client protocol.
        if let decoded = bytes.withUnsafeBytes({ try? JSONClientCodec().decode($0) }) { messages += decoded }
    }
}
