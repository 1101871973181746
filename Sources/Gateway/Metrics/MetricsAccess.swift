import Core
import HTTPTypes
import NIOCore

/// Who may read the figures. They hold no personal data, but tell a stranger how busy a server is and how near its bounds.
public enum MetricsAccess: String, Sendable, CaseIterable {
    /// Whoever asks from this machine, and not through a proxy.
    case local
    /// Whoever can reach the port.
    case open
    /// Nobody: there is no such address.
    case off

    /// - Parameter address: of the peer.
    func admits(_ fields: HTTPFields, from address: SocketAddress?) -> Bool {
        switch self {
        case .open: true
        case .off: false
        // A proxy on this machine asks for others, and says so.
        case .local:
            InternetAddress(address)?.isLoopback == true
                && fields[.forwarded] == nil && fields[.xForwardedFor] == nil && fields[.via] == nil
        }
    }
}

/// Why the figures are not shown.
enum MetricsError: String, DomainError {
    case notLocal = "metrics.not_local"

    var kind: ErrorKind { .forbidden }
    var detail: String { "The figures are shown on the server's own machine alone, unless it is configured otherwise." }
}
