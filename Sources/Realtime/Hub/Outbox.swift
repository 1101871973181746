import NIOCore
import Wire

/// The way out of one connection, shared by everything that writes to it. Lives on the connection's event loop.
final class Outbox {
    let format: PublicationFormat
    /// The short way past the transport, where there is one.
    let directSocket: DirectSocket?
    private var transport: (any SessionTransport)?
    /// Frames wait for the flush at the end of the turn.
    var isDirty = false
    /// Bytes may wait for the peer.
    var isObserved = false
    /// Subscriptions that keep their latest publication back until the peer has taken what waits.
    var held: [Subscription] = []

    init(transport: any SessionTransport, format: PublicationFormat) {
        self.transport = transport
        directSocket = transport.directSocket
        self.format = format
    }

    var hasQueuedBytes: Bool { queuedBytes > 0 }

    var queuedBytes: Int { transport?.queuedBytes ?? 0 }

    func send(frame: ByteBuffer) { transport?.send(frame: frame) }

    /// Behind what is queued, and all of that at once.
    ///
    /// - Returns: false when some of it waits for the peer.
    func sendNow(frame: ByteBuffer) -> Bool {
        guard let transport else { return true }
        transport.send(frame: frame)
        transport.flush()
        return transport.queuedBytes == 0
    }

    /// What ``directSocket`` did not take of a frame.
    func send(rest: ByteBuffer) { transport?.send(rest: rest) }

    func send(message: [UInt8]) { transport?.send(message: message) }

    func sendPing() { transport?.sendPing() }

    func flush() {
        transport?.flush()
        if !held.isEmpty { sendHeld() }
    }

    func tick(now: NIODeadline) {
        transport?.tick(now: now)
        if !held.isEmpty { sendHeld() }
    }

    private func sendHeld() {
        guard !hasQueuedBytes else { return }
        let subscriptions = held
        held = []
        for subscription in subscriptions { subscription.sendHeld() }
        transport?.flush()
    }

    /// Nothing leaves after this.
    func close(_ reason: Disconnect?) {
        guard let transport else { return }
        self.transport = nil
        held = []
        if let reason { transport.close(reason) }
    }
}
