import NIOCore
import Testing

@testable import Gateway

@Suite struct TrustedProxiesTests {
    private static let proxies = TrustedProxies("10.0.0.0/8, 192.168.7.9, fd00::/9")

    private static func client(from peer: String, _ forwarded: String...) throws -> String? {
        try #require(proxies).client(of: try SocketAddress(ipAddress: peer, port: 4_000), forwarded: forwarded)
    }

    @Test func `whoever is no proxy of ours is who he is, whatever he claims`() throws {
        #expect(try Self.client(from: "203.0.113.5", "198.51.100.1") == "203.0.113.5")
        #expect(try Self.client(from: "192.168.7.8", "198.51.100.1") == "192.168.7.8")
        #expect(try Self.client(from: "11.0.0.0", "198.51.100.1") == "11.0.0.0")
        #expect(try Self.client(from: "fd80::1", "198.51.100.1") == "fd80::1")
    }

    @Test func `a proxy's client is the last that no proxy of ours has`() throws {
        #expect(try Self.client(from: "10.1.2.3", "198.51.100.1") == "198.51.100.1")
        #expect(try Self.client(from: "10.1.2.3", "6.6.6.6, 198.51.100.1 ,10.9.9.9") == "198.51.100.1")
        #expect(try Self.client(from: "10.1.2.3", "6.6.6.6", "198.51.100.1", "192.168.7.9") == "198.51.100.1")
        #expect(try Self.client(from: "fd7f::1", "2001:db8:0:0::5") == "2001:db8::5")
    }

    @Test func `one machine has one address, whichever way it came`() throws {
        #expect(try Self.client(from: "::ffff:10.1.2.3", "::ffff:198.51.100.1") == "198.51.100.1")
    }

    @Test func `what is no address ends the search at the last that is one`() throws {
        #expect(try Self.client(from: "10.1.2.3") == "10.1.2.3")
        #expect(try Self.client(from: "10.1.2.3", "") == "10.1.2.3")
        #expect(try Self.client(from: "10.1.2.3", "6.6.6.6, unknown, 10.4.4.4") == "10.4.4.4")
        #expect(try Self.client(from: "10.1.2.3", "6.6.6.6, 300.1.1.1") == "10.1.2.3")
        #expect(try Self.client(from: "10.1.2.3", String(repeating: "1", count: 5_000)) == "10.1.2.3")
    }

    @Test func `nobody asks through more proxies than sixteen`() throws {
        let hops = Array(repeating: "10.4.4.4", count: 16).joined(separator: ",")
        #expect(try Self.client(from: "10.1.2.3", "198.51.100.1,\(hops)") == "10.4.4.4")
    }

    @Test func `without proxies a claim is not read`() throws {
        let peer = try SocketAddress(ipAddress: "10.1.2.3", port: 4_000)
        #expect(TrustedProxies.nobody.client(of: peer, forwarded: ["198.51.100.1"]) == "10.1.2.3")
        #expect(TrustedProxies.nobody.client(of: try SocketAddress(unixDomainSocketPath: "/tmp/socket"), forwarded: []) == nil)
    }

    @Test(arguments: ["10.0.0.0/33", "10.0.0.0/-1", "10.0.0/8", "nginx", "10.0.0.0/8/8", "::/129", "10.0.0.1 10.0.0.2"])
    func `what is no network is refused`(text: String) {
        #expect(TrustedProxies(text) == nil)
    }

    @Test func `more networks than anybody needs are refused`() {
        #expect(TrustedProxies(Array(repeating: "10.0.0.1", count: TrustedProxies.networksMax).joined(separator: ",")) != nil)
        #expect(TrustedProxies(Array(repeating: "10.0.0.1", count: TrustedProxies.networksMax + 1).joined(separator: ",")) == nil)
    }

    @Test func `they are shown as they are meant`() throws {
        #expect("\(try #require(Self.proxies))" == "10.0.0.0/8,192.168.7.9/32,fd00::/9")
        #expect(TrustedProxies("") == TrustedProxies.nobody)
    }
}
