import Glibc
import NIOCore

/// Where a connection comes from, as far as that tells people apart: an IPv4 address, or the 64 bits that name a network in IPv6, as
/// everybody has all the addresses below those.
struct AddressRange: Hashable {
    private let isIPv6: Bool
    private let bits: UInt64

    /// Nil for addresses that are no internet addresses.
    init?(_ address: SocketAddress?) {
        switch address {
        case .v4(let address):
            isIPv6 = false
            bits = UInt64(address.address.sin_addr.s_addr)
        case .v6(let address):
            let bytes = withUnsafeBytes(of: address.address.sin6_addr) { Array($0) }
            // An IPv4 address in the clothes of IPv6, as a listener on both sees it (RFC 4291, section 2.5.5.2).
            let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
            isIPv6 = !isMapped
            let significant = isMapped ? Array(bytes[12...].reversed()) : Array(bytes[..<8])
            bits = significant.reduce(0) { $0 << 8 | UInt64($1) }
        case .unixDomainSocket, nil:
            return nil
        }
    }
}
