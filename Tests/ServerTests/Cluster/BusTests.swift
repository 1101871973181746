import Client
import Foundation
import Realtime
import Server
import ServerTesting
import Testing
import Wire

/// Servers that share a Redis and nothing else: what does not need a common database.
@Suite(.timeLimit(.minutes(5))) struct BusTests {
    private func withServers(_ body: @escaping @Sendable (RedisServer, TestServer, TestServer) async throws -> Void) async throws {
        try await RedisServer.run { redis in
            let bus = try RedisAddress(url: redis.url)
            try await TestServer.run(adjust: { $0.bus = bus }) { one in
                try await TestServer.run(adjust: { $0.bus = bus }) { other in
                    for server in [one, other] { while try await server.scrape().sum("ringside_bus_connected") != 1 {} }
                    try await body(redis, one, other)
                }
            }
        }
    }

    @Test(arguments: [FallbackStream.Form.events, .lengths])
    func `commands that are posted to one server reach the stream that another one holds`(_ form: FallbackStream.Form) async throws {
        try await withServers { redis, one, other in
            let ana = try await one.member("ana")
            let venue = try await one.venue()
            let stream = try await ana.stream(form)
            let frame = form.codec.encode([Command(id: 2, request: .subscribe(SubscribeRequest(channel: venue.calendarChannel)))])
            func post(node: String, session: String) async throws -> Int {
                let request = EmulationRequest(node: node, session: session, data: frame)
                let body = form == .lengths ? request.protobuf : request.json
                return try await other.rest.send("POST", "/emulation", body: body, headers: [("Content-Type", form.contentType)]).status
            }
            #expect(try await post(node: stream.result.node, session: stream.result.session) == 204)
            guard case .reply(let reply) = try await stream.next() else { throw ClientError.unexpectedMessage }
            #expect(reply.id == 2)
            // A node that is gone, or was none.
            #expect(try await post(node: UUID().uuidString, session: stream.result.session) == 404)
            #expect(try await post(node: String(repeating: "n", count: 65), session: stream.result.session) == 404)
            await redis.kill()
            #expect(try await post(node: stream.result.node, session: stream.result.session) == 404)
            await stream.close()
        }
    }

    @Test func `failed sign-ins count together, and apart while Redis is away`() async throws {
        try await withServers { redis, one, other in
            @Sendable func attempt(_ server: TestServer, _ name: String) async throws -> Int {
                try await server.tryToSignIn(name, "Wrong-pass-1").status
            }
            for server in [one, other, one, other, one, other, one, other, one, other] {
                let status = try await attempt(server, "ana")
                #expect(status == 401)
            }
            #expect(try await attempt(one, "ana") == 429)
            #expect(try await attempt(other, "ANA") == 429)
            await redis.kill()
            // Each has counted five by itself.
            for server in [one, other] {
                for _ in 0..<5 { #expect(try await attempt(server, "ana") == 401) }
                #expect(try await attempt(server, "ana") == 429)
            }
        }
    }

    @Test func `a bus is shown by its figures, and its password nowhere`() async throws {
        try await RedisServer.run(["--requirepass", "top-secret"]) { redis in
            let bus = try RedisAddress(url: redis.url.replacing("unix://", with: "unix://:top-secret@"))
            try await TestServer.run(adjust: { $0.bus = bus }) { server in
                while try await server.scrape().sum("ringside_bus_connected") != 1 {}
                let venue = try await server.venue()
                try await server.announce("all is new", at: venue)
                #expect(try await server.scrape().sum("ringside_bus_published_total") ?? 0 > 0)
                #expect(server.logs.lines.contains { $0.contains("no other node can share this database") } == TestDirectory.isOnSQLite)
                await redis.kill()
                while try await server.scrape().sum("ringside_bus_connected") != 0 {}
                try await server.announce("nobody hears it", at: venue)
                #expect(try await server.scrape().sum("ringside_bus_dropped_total") ?? 0 > 0)
                #expect(!server.logs.lines.contains { $0.contains("top-secret") })
            }
        }
    }

    @Test func `an address that is none is refused without being repeated, and encryption by name`() throws {
        for url in ["top-secret@cache", "rediss://:top-secret@cache", "redis://:top-secret@cache/x"] {
            let error = try #require(throws: ConfigurationError.self) { try Configuration(ServeOptions(bus: url), environment: [:]) }
            #expect(error.key == "--bus" && !error.description.contains("top-secret"))
            #expect(error.description.contains("TLS") == url.hasPrefix("rediss"))
        }
        let named = try Configuration(ServeOptions(), environment: ["RINGSIDE_BUS": "redis://:top-secret@cache/2"])
        #expect("\(named.summary)".contains("redis://cache:6379/2") && !"\(named.summary)".contains("top-secret"))
    }
}
