import NIOCore
import Realtime

extension ConnectionSource {
    /// Counted as at the door: by the address in IPv4, by the network of 64 bits in IPv6.
    ///
    /// - Parameter forwarded: the fields `X-Forwarded-For`, which only trusted proxies are believed.
    init(of peer: SocketAddress?, forwarded: @autoclosure () -> [String], _ proxies: TrustedProxies) {
        self.init(address: proxies.address(of: peer, forwarded: forwarded())?.network)
    }
}
