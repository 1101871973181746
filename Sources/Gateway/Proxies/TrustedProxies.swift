import Foundation
import NIOCore

/// The proxies that are believed when they say for whom they ask, in `X-Forwarded-For`.
///
/// Whoever can be reached without them must not be believed: an address that a client writes itself would free it from every bound on
/// addresses.
public struct TrustedProxies: Sendable, Hashable {
    /// Nobody is believed: a client's address is that of its connection.
    public static let nobody = Self(networks: [])

    /// More would be read for every request.
    static let networksMax = 64
    /// How many proxies one request may have come through.
    static let hopsMax = 16

    private let networks: [Network]

    private init(networks: [Network]) {
        self.networks = networks
    }

    /// Nil for what is none, and for more than 64 of them.
    ///
    /// - Parameter text: addresses and networks in CIDR notation with commas between: `127.0.0.1, 10.0.0.0/8, fd00::/8`.
    public init?(_ text: String) {
        let parts = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        let networks = parts.compactMap(Network.init)
        guard networks.count == parts.count, networks.count <= Self.networksMax else { return nil }
        self.init(networks: networks)
    }

    /// Whether a connection comes from one of them.
    func contains(_ peer: SocketAddress?) -> Bool {
        guard !networks.isEmpty, let address = InternetAddress(peer) else { return false }
        return contains(address)
    }

    /// The address of whoever asks: the last one that no proxy of ours has, as each of ours adds the address that it was asked from.
    ///
    /// - Parameter forwarded: the fields `X-Forwarded-For` in the order in which they came.
    /// - Returns: nil where the connection has no internet address.
    func client(of peer: SocketAddress?, forwarded: @autoclosure () -> [String]) -> String? {
        guard !networks.isEmpty, let near = InternetAddress(peer), contains(near) else { return peer?.ipAddress }
        return client(behind: near, forwarded()).description
    }

    /// The same as an address.
    func address(of peer: SocketAddress?, forwarded: @autoclosure () -> [String]) -> InternetAddress? {
        InternetAddress(peer).map { contains($0) ? client(behind: $0, forwarded()) : $0 }
    }

    private func client(behind proxy: InternetAddress, _ forwarded: [String]) -> InternetAddress {
        var known = proxy
        let hops = forwarded.joined(separator: ",").split(separator: ",").suffix(Self.hopsMax)
        for hop in hops.reversed() {
            // Whatever was written before it can't be told from a lie.
            guard let address = InternetAddress(hop.trimmingCharacters(in: .whitespaces)) else { break }
            known = address
            if !contains(address) { break }
        }
        return known
    }

    private func contains(_ address: InternetAddress) -> Bool {
        networks.contains { $0.contains(address) }
    }

    private struct Network: Hashable {
        let address: InternetAddress
        let bits: Int

        init?(_ text: String) {
            let sides = text.split(separator: "/", omittingEmptySubsequences: false)
            guard (1...2).contains(sides.count), let address = InternetAddress(sides[0]) else { return nil }
            let most = address.isIPv4 ? 32 : 128
            guard let bits = sides.count == 2 ? Int(sides[1]) : most, (0...most).contains(bits) else { return nil }
            self.address = address
            self.bits = bits + 128 - most
        }

        func contains(_ other: InternetAddress) -> Bool {
            let (whole, rest) = bits.quotientAndRemainder(dividingBy: 8)
            guard address.bytes[..<whole] == other.bytes[..<whole] else { return false }
            return rest == 0 || (address.bytes[whole] ^ other.bytes[whole]) >> UInt8(8 - rest) == 0
        }
    }
}

extension TrustedProxies: CustomStringConvertible {
    public var description: String {
        networks.map { "\($0.address)/\($0.address.isIPv4 ? $0.bits - 96 : $0.bits)" }.joined(separator: ",")
    }
}
