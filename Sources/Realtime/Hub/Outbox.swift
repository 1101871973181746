import NIOCore
import Wire

/// The way out of one connection, shared by everything that writes to it. Lives on the connection's event loop.
final class Outbox {
    let format: PublicationFormat
    private var transport: (any SessionTransport)?
    /// Frames wait for the flush at the end of the turn.
    var isDirty = false
    /// Bytes may wait for the peer.
    var isObserved = false

    init(transport: any SessionTransport, format: PublicationFormat) {
        self.transport = transport
        self.format = format
    }

    var hasQueuedBytes: Bool { (transport?.queuedBytes ?? 0) > 0 }

    @inline(__always)
    func send(frame: ByteBuffer) { transport?.send(frame: frame) }

    func send(message: [UInt8]) { transport?.send(message: message) }

    func sendPing() { transport?.sendPing() }

    func flush() { transport?.flush() }

    func tick(now: NIODeadline) { transport?.tick(now: now) }

    /// Nothing leaves after this.
    func close(_ reason: Disconnect?) {
        guard let transport else { return }
        self.transport = nil
        if let reason { transport.close(reason) }
    }
}
