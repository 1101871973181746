import Core
import Foundation
import Testing

@testable import Gateway

@Suite struct OperationTests {
    @Test func `a request id of the client is kept when it is harmless`() async throws {
        try await ThingServer.run { server in
            #expect(try await server.send("GET", "/api/v1/things", fields: ["X-Request-ID: ab.c_D-9"])["x-request-id"] == "ab.c_D-9")
            for id in ["two words", "a\"b", String(repeating: "x", count: 65), "ü"] {
                let answer = try await server.send("GET", "/api/v1/things", fields: ["X-Request-ID: \(id)"])
                #expect(answer["x-request-id"]?.count == 13)
            }
        }
    }

    @Test func `request ids do not repeat`() {
        let ids = RequestIDs(seed: 1)
        #expect(Set((0..<10_000).map { _ in ids.id(proposed: nil) }).count == 10_000)
    }

    @Test func `each request is one log line without anything personal`() async throws {
        try await ThingServer.run { server in
            // A request is logged when its answer has left, but before the next one of its connection is looked at.
            let connection = try HTTPConnection(port: server.port)
            _ = try await connection.send("GET", "/api/v1/things/7?name=secret", token: "member")
            _ = try await connection.send("PURGE", "/coffee?name=secret")
            _ = try await connection.send("GET", "/healthz")
            _ = try await connection.send("GET", "/readyz")
            connection.close()
            let lines = server.log.all.filter { $0.message == "request" }.prefix(3)
            #expect(lines.count == 3)
            #expect(lines.first?.metadata["http.route"] == "/api/v1/things/{thing_id}")
            #expect(lines.first?.metadata["user.id"] == "1")
            #expect(lines.first?.metadata["http.status"] == "200")
            #expect(lines.dropFirst().first?.metadata["http.route"] == "unknown")
            #expect(lines.dropFirst().first?.metadata["http.method"] == "other")
            #expect(lines.last?.level == .debug)
            #expect(!lines.contains { $0.metadata.values.contains { $0.contains("secret") || $0.contains("coffee") } })
        }
    }

    @Test func `pages of other origins may not read answers unless they are allowed`() async throws {
        try await ThingServer.run { server in
            let answer = try await server.send("GET", "/api/v1/things", fields: ["Origin: https://club.example"])
            #expect(answer["access-control-allow-origin"] == nil)
        }
        var configuration = GatewayConfiguration()
        configuration.allowedOrigins = ["https://club.example"]
        try await ThingServer.run(configuration) { server in
            let answer = try await server.send("GET", "/api/v1/things", fields: ["Origin: https://club.example"])
            #expect(answer["access-control-allow-origin"] == "https://club.example")
            #expect(answer["vary"] == "Origin")
            let other = try await server.send("GET", "/api/v1/things", fields: ["Origin: https://evil.example"])
            #expect(other["access-control-allow-origin"] == nil)
            #expect(other["vary"] == "Origin")
            let preflight = try await server.send(
                "OPTIONS", "/api/v1/things", fields: ["Origin: https://club.example", "Access-Control-Request-Method: POST"]
            )
            #expect(preflight.status == 204)
            #expect(preflight["access-control-allow-methods"] == "GET, POST, HEAD, OPTIONS")
            #expect(preflight["access-control-allow-headers"]?.contains("Idempotency-Key") == true)
            let refused = try await server.send("GET", "/nowhere", fields: ["Origin: https://club.example"])
            #expect(refused["access-control-allow-origin"] == "https://club.example")
        }
    }

    @Test func `a server that is not ready says why and still answers`() async throws {
        try await ThingServer.run { server in
            #expect(try await server.send("GET", "/readyz").status == 200)
            server.readiness.block("starting")
            let answer = try await server.send("GET", "/readyz")
            #expect(answer.status == 503)
            #expect(answer.body == #"{"status":"unavailable","reasons":["starting"]}"#)
            #expect(try await server.send("GET", "/healthz").body == #"{"status":"ok","version":"0.1.0"}"#)
            server.readiness.clear("starting")
            #expect(try await server.send("GET", "/readyz").status == 200)
        }
    }

    @Test func `at shutdown the server says so before it stops accepting`() async throws {
        let (drains, began) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let (ends, end) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let drain: @Sendable () async -> Void = {
            began.yield()
            _ = await ends.first { true }
        }
        try await ThingServer.run(draining: drain) { server in
            await server.shutDown()
            _ = await drains.first { true }
            let answer = try await server.send("GET", "/readyz")
            #expect(answer.status == 503)
            #expect(answer.body.contains("draining"))
            #expect(try await server.send("GET", "/api/v1/things").status == 200)
            end.yield()
        }
    }

    @Test func `dates are written as HTTP wants them`() {
        #expect(HTTPDate.text(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(HTTPDate.text(0) == "Thu, 01 Jan 1970 00:00:00 GMT")
    }
}
