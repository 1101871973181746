import NIOCore
import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(5))) struct MetricsPageTests {
    @Test(arguments: ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
    func `this machine may read them`(address: String) throws {
        #expect(MetricsAccess.local.admits([:], from: try SocketAddress(ipAddress: address, port: 1)))
    }

    @Test(arguments: ["10.0.0.1", "128.0.0.1", "2001:db8::1", "::2", "::ffff:10.0.0.1"])
    func `another one may not, unless they are open`(address: String) throws {
        let address = try SocketAddress(ipAddress: address, port: 1)
        #expect(!MetricsAccess.local.admits([:], from: address))
        #expect(MetricsAccess.open.admits([:], from: address))
    }

    @Test func `whoever can't be placed may not`() {
        #expect(!MetricsAccess.local.admits([:], from: nil))
    }

    @Test(arguments: ["Forwarded: for=192.0.2.1", "X-Forwarded-For: 192.0.2.1", "Via: 1.1 proxy"])
    func `a proxy on this machine asks for others`(field: String) async throws {
        try await ThingServer.run { server in
            let answer = try await server.send("GET", "/metrics", fields: [field])
            #expect(answer.status == 403)
            #expect(answer.body.contains("metrics.not_local"))
        }
        try await ThingServer.run(GatewayConfiguration(metricsAccess: .open)) { server in
            let answer = try await server.send("GET", "/metrics", fields: [field])
            #expect(answer.status == 200)
        }
    }

    @Test func `there is no page where they are off`() async throws {
        try await ThingServer.run(GatewayConfiguration(metricsAccess: .off)) { server in
            let answer = try await server.send("GET", "/metrics")
            #expect(answer.status == 404)
        }
    }

    @Test func `the page has the type of the text format and is not kept`() async throws {
        try await ThingServer.run { server in
            let answer = try await server.send("GET", "/metrics")
            #expect(answer.status == 200)
            #expect(answer["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(answer["cache-control"] == "no-store")
        }
    }

    @Test func `requests are counted by their route's pattern, and never by what was asked`() async throws {
        try await ThingServer.run { server in
            // A request is counted when its answer has left, but before the next one of its connection is looked at.
            let connection = try HTTPConnection(port: server.port)
            _ = try await connection.send("GET", "/healthz")
            _ = try await connection.send("GET", "/healthz?token=secret")
            _ = try await connection.send("GET", "/nothing/of/that/kind")
            _ = try await connection.send("PROPFIND", "/healthz")
            let lines = Set(try await connection.send("GET", "/metrics").body.split(separator: "\n").map(String.init))
            #expect(lines.contains(#"ringside_http_requests_total{route="/healthz",method="GET",status="200"} 2"#))
            #expect(lines.contains(#"ringside_http_requests_total{route="unknown",method="GET",status="404"} 1"#))
            #expect(lines.contains(#"ringside_http_requests_total{route="unknown",method="other",status="405"} 1"#))
            #expect(lines.contains(#"ringside_http_request_duration_seconds_count{route="/healthz",method="GET"} 2"#))
            #expect(!lines.contains { $0.contains("secret") || $0.contains("nothing") || $0.contains("PROPFIND") })
            connection.close()
        }
    }
}
