import NIOCore

/// Where a connection comes from, as far as that tells people apart: an IPv4 address, or the 64 bits that name a network in IPv6, as
/// everybody has all the addresses below those.
struct AddressRange: Hashable {
    private let significant: ArraySlice<UInt8>

    /// Nil for addresses that are no internet addresses.
    init?(_ address: SocketAddress?) {
        guard let address = InternetAddress(address) else { return nil }
        significant = address.significantBytes
    }
}
