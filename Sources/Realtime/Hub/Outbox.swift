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
    private var held: [Subscription] = []

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

    /// - Parameter message: the codec's ping; nil for one of the transport itself.
    func sendPing(_ message: [UInt8]? = nil) { transport?.sendPing(message) }

    /// The subscription is to be asked for its latest once the peer has taken everything.
    func hold(_ subscription: Subscription) {
        held.append(subscription)
        // Set for those who need it only: every connection would pay for it with its memory.
        transport?.onWritable = { [weak self] in self?.sendHeld() }
    }

    func flush() {
        transport?.flush()
        sendHeld()
    }

    func tick(now: NIODeadline) {
        transport?.tick(now: now)
        sendHeld()
    }

    private func sendHeld() {
        guard !held.isEmpty, !hasQueuedBytes else { return }
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
