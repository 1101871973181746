import Glibc
import NIOCore

/// An address of IPv4 or IPv6 as 16 bytes; IPv4 in the clothes of IPv6 (RFC 4291, section 2.5.5.2), so that one machine has one address
/// whichever way it came.
struct InternetAddress: Hashable, Sendable {
    private static let mappedPrefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]

    let bytes: [UInt8]

    /// Nil for what is no internet address in its usual spelling.
    init?(_ text: some StringProtocol) {
        // Longer than any address: whoever sends more is not read.
        guard text.utf8.count < 64 else { return nil }
        var (short, long) = (in_addr(), in6_addr())
        if inet_pton(AF_INET, String(text), &short) == 1 {
            bytes = Self.mappedPrefix + withUnsafeBytes(of: short) { Array($0) }
        } else if inet_pton(AF_INET6, String(text), &long) == 1 {
            bytes = withUnsafeBytes(of: long) { Array($0) }
        } else {
            return nil
        }
    }

    init?(_ address: SocketAddress?) {
        switch address {
        case .v4(let address): bytes = Self.mappedPrefix + withUnsafeBytes(of: address.address.sin_addr) { Array($0) }
        case .v6(let address): bytes = withUnsafeBytes(of: address.address.sin6_addr) { Array($0) }
        case .unixDomainSocket, nil: return nil
        }
    }

    var isIPv4: Bool { bytes.starts(with: Self.mappedPrefix) }

    /// What tells people apart: in IPv6 everybody has all the addresses of the network that the first 64 bits name.
    var significantBytes: ArraySlice<UInt8> { isIPv4 ? bytes[...] : bytes[..<8] }

    /// The same as a text.
    var network: String {
        isIPv4 ? description : significantBytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// 127.0.0.0/8 and `::1` (RFC 4291, section 2.5.3).
    var isLoopback: Bool { isIPv4 ? bytes[12] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1 }
}

extension InternetAddress: CustomStringConvertible {
    /// In the one spelling that the system prefers.
    var description: String {
        let address = isIPv4 ? Array(bytes[12...]) : bytes
        let text = [CChar](unsafeUninitializedCapacity: Int(INET6_ADDRSTRLEN)) { buffer, count in
            count = inet_ntop(isIPv4 ? AF_INET : AF_INET6, address, buffer.baseAddress, socklen_t(INET6_ADDRSTRLEN)).map(strlen) ?? 0
        }
        return String(decoding: text.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
