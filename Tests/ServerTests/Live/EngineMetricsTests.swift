import Client
import Engine
import Server
import ServerTesting
import Testing
import Wire

/// The figures of the engine alone, as a monitor and `ringside top` see them.
@Suite(.serialized, .timeLimit(.minutes(2))) struct EngineMetricsTests {
    private static let secret = "engine-secret"
    private static let configuration = """
        {"token_hmac_secret": "\(secret)", "api_key": "key", "loops": 1, "shutdown_timeout": "0s",
         "namespaces": [{"name": "ns", "allow_subscribe_for_client": true, "history_size": 10, "history_ttl": "60s"}]}
        """

    private static func scrape(_ engine: ServerProcess) async throws -> Scrape {
        let response = try await RESTClient.run(port: engine.port) { rest in try await rest.get("/metrics") }
        #expect(response.status == 200)
        return try #require(Scrape(response.text))
    }

    @Test func `the engine alone shows what it does`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        try await ServerProcess.runEngine(in: directory, configuration: Self.configuration) { engine in
            let first = try await Self.scrape(engine)
            let token = TokenIssuer(secret: Self.secret).token(RawJSON(#"{"sub":"ana"}"#))
            let connection = try await LiveConnection.connect(port: engine.port, token: token)
            _ = try await connection.subscribe("ns:a")
            let publish = Array(#"{"channel":"ns:a","data":1}"#.utf8)
            let published = try await RESTClient.run(port: engine.port) { rest in
                try await rest.send("POST", "/api/publish", body: publish, headers: [("X-API-Key", "key")])
            }
            #expect(published.status == 200)
            for try await _ in connection.pushes.prefix(1) {}

            var second = try await Self.scrape(engine)
            // A request is counted when its answer has left.
            while second.sum("ringside_http_requests_total", where: ["route": "/api/{method}"]) == nil {
                second = try await Self.scrape(engine)
            }
            #expect(second.sum("ringside_connections") == 1)
            #expect(second.sum("ringside_subscriptions") == 1)
            #expect(second.sum("ringside_subscription_starts_total", where: ["outcome": "fresh"]) == 1)
            #expect(second.sum("ringside_deliveries_total") == 1)
            #expect(second.sum("ringside_http_requests_total", where: ["route": "/api/{method}"]) == 1)
            // There is no database.
            #expect(second.sum("ringside_commits_total") == nil)

            let lines = TopScreen(url: "here", columns: 200, rows: 100).lines(second, since: first, seconds: 1, unixTime: 0)
            #expect(lines.contains { $0.hasPrefix("connections   1 ") })
            #expect(lines.contains { $0.hasPrefix("deliveries    1.0/s") })
            #expect(!lines.contains { $0.hasPrefix("transactions") })
            await connection.close()
        }
    }

    @Test func `bounds of the engine that are hit are counted`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let configuration = """
            {"token_hmac_secret": "\(Self.secret)", "loops": 1, "shutdown_timeout": "0s", "client": {"presence_limit": 1, "connection_rate_limit": 1, "connection_burst": 3},
             "namespaces": [{"name": "ns", "allow_subscribe_for_client": true, "presence": true}]}
            """
        try await ServerProcess.runEngine(in: directory, configuration: configuration) { engine in
            for user in ["ana", "ben"] {
                let token = TokenIssuer(secret: Self.secret).token(RawJSON(#"{"sub":"\#(user)"}"#))
                let connection = try await LiveConnection.connect(port: engine.port, token: token)
                _ = try await connection.subscribe("ns:a")
            }
            var statuses: [Int] = []
            while statuses.last != 503 { statuses.append(try await HandshakeRequest().answer(port: engine.port).status) }
            let scrape = try await Self.scrape(engine)
            #expect(scrape.sum("ringside_limits_hit_total", where: ["limit": "presence_size"]) == 1)
            #expect(scrape.sum("ringside_limits_hit_total", where: ["limit": "upgrades"]) == 1)
            // Two have connected; one more at once, and whoever came in the seconds that this took.
            #expect(statuses.count < 100)
        }
    }

    @Test func `ringside top prints one look at an engine`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        try await ServerProcess.runEngine(in: directory, configuration: Self.configuration) { engine in
            let printed = try await ServerProcess.output(of: ["top", "--once", "--url", "http://127.0.0.1:\(engine.port)"])
            #expect(printed.hasPrefix("Ringside "))
            #expect(printed.contains("\nconnections   0 "))
            #expect(!printed.contains("transactions"))
        }
    }
}
