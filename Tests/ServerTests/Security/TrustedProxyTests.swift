import Client
import Gateway
import ServerTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct TrustedProxyTests {
    /// Guesses at so many names that only the address tells them to be one guesser's.
    private static func guess(_ server: TestServer, _ numbers: ClosedRange<Int>, for client: String) async throws -> [Int] {
        var statuses: [Int] = []
        for number in numbers {
            let answer = try await server.rest.post(
                "/api/v1/users/login", body: ["username": "nobody\(number)", "password": "Wrong-pass-1"],
                headers: [("X-Forwarded-For", client)]
            )
            statuses.append(answer.status)
        }
        return statuses
    }

    @Test func `behind a proxy each client is bounded by itself`() async throws {
        try await TestServer.run(adjust: { $0.trustedProxies = TrustedProxies("127.0.0.1") ?? .nobody }) { server in
            let guesses = try await Self.guess(server, 1...100, for: "203.0.113.66")
            #expect(Set(guesses) == [401])
            let more = try await Self.guess(server, 101...101, for: "203.0.113.66")
            #expect(more == [429])
            let disguised = try await Self.guess(server, 102...102, for: "6.6.6.6, 203.0.113.66")
            #expect(disguised == [429])
            let another = try await Self.guess(server, 103...103, for: "203.0.113.7")
            #expect(another == [401])
        }
    }

    @Test func `nobody gets another address by claiming it`() async throws {
        try await TestServer.run { server in
            for number in 1...100 { _ = try await Self.guess(server, number...number, for: "203.0.113.\(number)") }
            #expect(try await Self.guess(server, 101...101, for: "203.0.113.201") == [429])
        }
    }

    @Test func `live connections behind a proxy are counted by who comes, in IPv6 by the network`() async throws {
        try await TestServer.run {
            $0.hub.connectionsPerAddressMax = 1
            $0.trustedProxies = TrustedProxies("127.0.0.0/8") ?? .nobody
        } _: { server in
            let ana = try await server.member("ana")
            /// Nil for a connection that stands.
            func closeCode(_ address: String) async throws -> UInt16? {
                let stream = try await RawSocket.connect(port: server.port)
                let body = #"{"token":"\#(ana.token)"}"#
                try await stream.write(
                    "POST /connection/uni_http_stream HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: \(address)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
                )
                _ = try await stream.read(until: "\r\n\r\n")
                let text = String(decoding: try await stream.read(until: "}"), as: UTF8.self)
                return text.contains("3504") ? 3504 : nil
            }
            #expect(try await closeCode("2001:db8:0:1::1") == nil)
            #expect(try await closeCode("2001:db8:0:1:ffff::2") == 3504)
            #expect(try await closeCode("2001:db8:0:2::1") == nil)
            #expect(try await closeCode("203.0.113.1") == nil)
            #expect(try await closeCode("203.0.113.1") == 3504)
            #expect(try await closeCode("203.0.113.2") == nil)
        }
    }

    @Test func `the connections of a proxy are everybody's and not counted`() async throws {
        try await TestServer.run {
            $0.connectionsPerAddressMax = 1
            $0.trustedProxies = TrustedProxies("127.0.0.0/8") ?? .nobody
        } _: { server in
            let first = try await RawSocket.connect(port: server.port)
            let question = "GET /healthz HTTP/1.1\r\nHost: ringside\r\nConnection: close\r\n\r\n"
            #expect(try await RawExchange.statuses(of: question, port: server.port) == [200])
            await first.close()
        }
    }
}
