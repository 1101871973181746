import Glibc

/// The short way out of a connection, past its transport: a broadcast costs one system call and nothing else.
///
/// The transport owns it and says when it is clear; whoever finds it clear may write. Bound to the connection's event loop, where alone
/// that holds: a closed descriptor may already belong to somebody else's connection, and bytes must not overtake each other.
///
/// An object of its own and small: of each connection a broadcast to thousands touches this and no more.
public final class DirectSocket {
    private let descriptor: CInt

    /// The connection is open and nothing waits to be written to it. Set by the transport alone.
    public var isClear = false

    public enum Result: Equatable {
        /// The kernel took this many bytes, perhaps none.
        case sent(Int)
        /// The connection is gone.
        case broken

        /// How many bytes the kernel took.
        var bytes: Int {
            if case .sent(let bytes) = self { bytes } else { 0 }
        }
    }

    /// - Parameter descriptor: of a connected socket; closed by whoever opened it, and not before ``isClear`` is false for good.
    public init(descriptor: CInt) {
        self.descriptor = descriptor
    }

    /// Never waits.
    public func send(_ bytes: UnsafeRawBufferPointer) -> Result {
        while true {
            let sent = Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
            if sent >= 0 {
                return .sent(sent)
            }
            switch errno {
            case EINTR: continue
            case EAGAIN, ENOBUFS: return .sent(0)
            default: return .broken
            }
        }
    }
}

@available(*, unavailable)
extension DirectSocket: Sendable {}
