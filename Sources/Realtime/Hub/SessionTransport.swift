import NIOCore
import Wire

/// The connection below a session, whatever carries it. Used on its event loop only.
///
/// It bounds what it queues: when the peer reads too slowly it drops what is pending and closes with ``Disconnect/slow`` by itself.
public protocol SessionTransport: AnyObject {
    /// Bytes accepted but not yet handed to the kernel.
    var queuedBytes: Int { get }

    /// Called when everything was taken after something had to wait: for senders of states, who keep only the latest until then. Never again
    /// once the transport has begun to close.
    var onWritable: (() -> Void)? { get set }

    /// The short way past it, for frames that are shared with other connections; nil where there is none. Asked for once, when the session
    /// begins.
    var directSocket: DirectSocket? { get }

    /// Takes over the rest of a frame that ``directSocket`` has begun: it goes before everything else.
    func send(rest: ByteBuffer)

    /// Sends one message of the session's codec; it leaves at the end of this loop turn.
    func send(message: [UInt8])

    /// Queues a frame that is shared with other connections; it leaves with the next ``flush()``.
    func send(frame: ByteBuffer)

    /// Queues a ping. It fits in any case: whoever reads slowly is to be asked whether he is there, not to be closed for the question. Pings
    /// are few, as one that is not answered in time ends the connection.
    ///
    /// - Parameter message: the codec's ping; nil for one of the transport itself, for sessions whose protocol has none.
    func sendPing(_ message: [UInt8]?)

    /// Writes what is queued.
    func flush()

    /// Looks for a peer that takes nothing. Called once a second while anything is queued.
    func tick(now: NIODeadline)

    /// Closes after what is queued. The session hears nothing of it.
    func close(_ reason: Disconnect)
}

extension SessionTransport {
    public var directSocket: DirectSocket? { nil }

    public func send(rest: ByteBuffer) { send(frame: rest) }
}
