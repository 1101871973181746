import NIOCore
import NIOSSL
import Realtime

extension DirectSocket {
    /// The socket of a channel. Nil when the channel has none to hand out, or encrypts: bytes that went past TLS would be read by everybody on
    /// the way.
    convenience init?(channel: any Channel) {
        guard (try? channel.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self)) == nil else { return nil }
        let transport = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { $0 }
        guard let descriptor = transport else { return nil }
        self.init(descriptor: descriptor)
    }
}
