import Foundation
import NIOCore

extension NIOCore.Channel {
    /// Makes the close that follows send an RST instead of a FIN and drops what was not sent yet: the peer learns of it at once, as of
    /// a process that was killed.
    public func resetOnClose() {
        (self as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenFailure { _ in }
    }
}
