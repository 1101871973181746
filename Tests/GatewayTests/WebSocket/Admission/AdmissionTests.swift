import NIOCore
import NIOPosix
import Testing

@testable import Gateway

@Suite struct TokenBucketTests {
    @Test func `a burst is let through, and then so many a second`() {
        let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
        var bucket = TokenBucket(perSecond: 10, burst: 3, now: start)
        let burst = (0..<5).map { _ in bucket.take(now: start) }
        #expect(burst == [true, true, true, false, false])
        #expect(bucket.take(now: start + .milliseconds(99)) == false)
        #expect(bucket.take(now: start + .milliseconds(101)) == true)
        #expect(bucket.take(now: start + .milliseconds(101)) == false)
        let later = (0..<5).map { _ in bucket.take(now: start + .hours(1)) }
        #expect(later == burst)
    }

    @Test func `a clock that another thread read earlier gives nothing`() {
        let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
        var bucket = TokenBucket(perSecond: 1_000, burst: 1, now: start)
        #expect(bucket.take(now: start + .milliseconds(10)) == true)
        #expect(bucket.take(now: start) == false)
        #expect(bucket.take(now: start + .milliseconds(10)) == false)
    }
}

@Suite struct AddressRangeTests {
    private static func range(_ address: String) throws -> AddressRange? {
        AddressRange(try SocketAddress(ipAddress: address, port: 1))
    }

    @Test func `an IPv4 address is somebody, and the same one in the clothes of IPv6`() throws {
        #expect(try Self.range("10.0.0.1") == Self.range("::ffff:10.0.0.1"))
        #expect(try Self.range("10.0.0.1") != Self.range("10.0.0.2"))
        #expect(try Self.range("10.0.0.1") != Self.range("::ffff:10.0.0.2"))
    }

    @Test func `a network of IPv6 is one somebody`() throws {
        #expect(try Self.range("2001:db8:1:2::1") == Self.range("2001:db8:1:2:ffff::9"))
        #expect(try Self.range("2001:db8:1:2::1") != Self.range("2001:db8:1:3::1"))
    }

    @Test func `a local socket is nobody`() throws {
        #expect(AddressRange(try SocketAddress(unixDomainSocketPath: "/tmp/socket")) == nil)
        #expect(AddressRange(nil) == nil)
    }
}

@Suite(.serialized, .timeLimit(.minutes(5))) struct AdmissionTests {
    private static let resolve = LoopbackServer.accepting { ScriptedDelegate(Journal()) { $0.sendText(Array($1.utf8)) } }

    @Test func `connections beyond those of one address are told so before they ask`() async throws {
        let admission = Admission(.init(connectionsPerAddressMax: 2))
        try await LoopbackServer.run(admission: admission, resolve: Self.resolve) { server in
            var first = try await RawWebSocket(port: server.port)
            let second = try await RawWebSocket(port: server.port)
            let third = try RawClient(port: server.port)
            let answer = String(decoding: try await third.receiveAll(), as: UTF8.self)
            #expect(answer.hasPrefix("HTTP/1.1 503 "))
            #expect(answer.contains("\r\nRetry-After: "))
            third.close()

            second.client.closeOutput()
            _ = try await second.client.receiveAll()
            second.client.close()
            // The place is free as soon as the server has closed, which the peer sees a moment before it is counted.
            var next: RawWebSocket?
            while next == nil { next = try? await RawWebSocket(port: server.port) }
            next?.client.close()
            try await first.client.send(.text("still there"))
            #expect(try await first.next()?.text == "still there")
            first.client.close()
        }
    }

    @Test func `a request that was already sent does not cost the refused peer its answer`() async throws {
        let admission = Admission(.init(connectionsPerAddressMax: 0))
        try await LoopbackServer.run(admission: admission, resolve: Self.resolve) { server in
            let client = try RawClient(port: server.port)
            try await client.send(RawWebSocket.handshake() + String(repeating: "x", count: 10_000))
            #expect(String(decoding: try await client.receiveAll(), as: UTF8.self).hasPrefix("HTTP/1.1 503 "))
            client.close()
        }
    }

    @Test func `upgrades beyond the rate are refused, plain requests are not`() async throws {
        let admission = Admission(.init(upgradesPerSecondMax: 0, upgradesBurstMax: 2))
        try await LoopbackServer.run(admission: admission, resolve: Self.resolve) { server in
            let sockets = [try await RawWebSocket(port: server.port), try await RawWebSocket(port: server.port)]
            let refused = try RawClient(port: server.port)
            try await refused.send(RawWebSocket.handshake())
            let answer = String(decoding: try await refused.receiveAll(), as: UTF8.self)
            #expect(answer.hasPrefix("HTTP/1.1 503 "))
            #expect(answer.contains("\r\nRetry-After: "))
            refused.close()

            let plain = try RawClient(port: server.port)
            try await plain.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await plain.receiveResponse().body == "plain /a")
            plain.close()
            for socket in sockets { socket.client.close() }
        }
    }
}
