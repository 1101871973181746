import NIOCore
import Wire

/// The connection below a session, whatever carries it. Used on its event loop only.
///
/// It bounds what it queues: when the peer reads too slowly it drops what is pending and closes with ``Disconnect/slow`` by itself.
public protocol SessionTransport: AnyObject {
    /// Bytes accepted but not yet handed to the kernel.
    var queuedBytes: Int { get }

    /// Writes a frame that is shared with other connections, and what is queued before it: at once where nothing is.
    ///
    /// - Returns: false when some of it waits for the peer.
    func sendNow(frame: ByteBuffer) -> Bool

    /// Sends one message of the session's codec; it leaves at the end of this loop turn.
    func send(message: [UInt8])

    /// Queues a frame that is shared with other connections; it leaves with the next ``flush()``.
    func send(frame: ByteBuffer)

    /// Queues a ping of the transport itself, for sessions whose protocol has none.
    func sendPing()

    /// Writes what is queued.
    func flush()

    /// Looks for a peer that takes nothing. Called once a second while anything is queued.
    func tick(now: NIODeadline)

    /// Closes after what is queued. The session hears nothing of it.
    func close(_ reason: Disconnect)
}

extension SessionTransport {
    public func sendNow(frame: ByteBuffer) -> Bool {
        send(frame: frame)
        flush()
        return queuedBytes == 0
    }
}
