import Glibc
import NIOCore
import NIOSSL

/// Writes on a channel's own socket, past its pipeline: a broadcast costs one system call and nothing else.
///
/// Safe only on the channel's event loop, while the channel is active, and while the channel itself holds nothing that is unwritten:
/// a closed descriptor may already belong to somebody else's connection, and bytes must not overtake each other.
struct DirectSocket {
    enum Result: Equatable {
        /// The kernel took this many bytes, perhaps none.
        case sent(Int)
        /// The connection is gone.
        case broken
    }

    private let descriptor: NIOBSDSocket.Handle

    /// Nil when the channel has no socket to hand out, or encrypts: bytes that went past TLS would be read by everybody on the way.
    init?(channel: any Channel) {
        guard (try? channel.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self)) == nil else { return nil }
        let transport = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { $0 }
        guard let descriptor = transport else { return nil }
        self.descriptor = descriptor
    }

    func send(_ bytes: UnsafeRawBufferPointer) -> Result {
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
