import Server
import ServerTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct MetricsTopTests {
    private static let before = """
        # HELP ringside_connections Live connections.
        # TYPE ringside_connections gauge
        ringside_connections{loop="0"} 3
        ringside_deliveries_total{loop="0"} 5000
        ringside_commits_total 1
        ringside_http_requests_total{route="/a",method="GET",status="200"} 10
        ringside_http_request_duration_seconds_sum{route="/a",method="GET"} 1
        ringside_http_request_duration_seconds_count{route="/a",method="GET"} 10
        ringside_commit_to_delivery_seconds_bucket{le="0.001"} 100
        ringside_commit_to_delivery_seconds_bucket{le="0.01"} 100
        ringside_commit_to_delivery_seconds_bucket{le="+Inf"} 100
        ringside_closes_total{code="3008"} 9
        process_cpu_seconds_total 10

        """
    private static let now = """
        ringside_build_info{version="0.1.0"} 1
        process_start_time_seconds 1000
        ringside_connections{loop="0"} 1200
        ringside_connections{loop="1"} 34
        ringside_subscriptions{loop="0"} 2000
        ringside_channels{loop="0"} 7
        ringside_queue_bytes{loop="0"} 1500000
        ringside_deliveries_total{loop="0"} 25000
        ringside_commits_total 3
        ringside_http_requests_total{route="/a",method="GET",status="200"} 11
        ringside_http_requests_total{route="/b",method="GET",status="200"} 400
        ringside_http_request_duration_seconds_sum{route="/a",method="GET"} 1.25
        ringside_http_request_duration_seconds_count{route="/a",method="GET"} 11
        ringside_commit_to_delivery_seconds_bucket{le="0.001"} 190
        ringside_commit_to_delivery_seconds_bucket{le="0.01"} 200
        ringside_commit_to_delivery_seconds_bucket{le="+Inf"} 200
        ringside_closes_total{code="3008"} 12
        ringside_limits_hit_total{limit="channels"} 0
        process_cpu_seconds_total 10.5
        process_resident_memory_bytes 45600000

        """

    private static func lines(columns: Int = 200, rows: Int = 50, isFirst: Bool = false) throws -> [String] {
        let (before, now) = (try #require(Scrape(before)), try #require(Scrape(now)))
        let screen = TopScreen(url: "http://h:1", columns: columns, rows: rows)
        return screen.lines(now, since: isFirst ? nil : before, seconds: isFirst ? 0 : 2, unixTime: 1_000 + 86_400 + 3_661)
    }

    @Test func `two looks make a picture with rates`() throws {
        #expect(
            try Self.lines()
                == """
                Ringside 0.1.0  http://h:1  up 1 d 01:01:01

                connections   1,234       subscriptions 2,000       queued        1.5 MB
                deliveries    10,000/s    requests      201/s       log reads     -
                transactions  -           commits       1.0/s       events        -
                cpu           25 %        memory        45.6 MB     descriptors   -
                delivered p50 556 µs      p99           9.1 ms      p99.9         9.9 ms

                loop           connections    subscriptions  channels       queued         deliveries     lag p99
                0              1,200          2,000          7              1.5 MB         10,000/s       -
                1              34             -              -              -              -              -

                closed        3008 12 (+3)

                requests    mean        in all      route
                200/s       -           400         /b
                0.5/s       250 ms      11          /a
                """.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        )
    }

    @Test func `the first look has no rates`() throws {
        let lines = try Self.lines(isFirst: true)
        #expect(lines[3] == "deliveries    -           requests      -           log reads     -")
        #expect(lines.contains("closed        3008 12"))
        #expect(lines.contains("-           114 ms      11          /a"))
    }

    @Test func `the picture never leaves the window`() throws {
        let whole = try Self.lines()
        #expect(try Self.lines(rows: 4) == Array(whole.prefix(4)))
        #expect(try Self.lines(columns: 10).allSatisfy { $0.count <= 10 })
        #expect(try Self.lines(columns: 0, rows: -1).isEmpty)
    }

    @Test func `a server that was started anew has no rates for a moment`() throws {
        let (before, now) = (try #require(Scrape(Self.now)), try #require(Scrape(Self.before)))
        let lines = TopScreen(url: "", columns: 200, rows: 50).lines(now, since: before, seconds: 1, unixTime: 0)
        #expect(lines[3].hasPrefix("deliveries    -  "))
    }

    @Test(arguments: ["<html>", "a{b=\"c} 1", "a{b} 1", "a one", "{} 1", "a{b=\"\\"])
    func `what is no scrape is none`(text: String) {
        #expect(Scrape(text) == nil)
    }

    @Test func `labels are read as they were before they were escaped`() throws {
        let scrape = try #require(Scrape(#"a{b="x\"y\\z",c="d"} 2"#))
        #expect(scrape.sum("a", where: ["b": #"x"y\z"#]) == 2)
        #expect(scrape.sum("a", where: ["b": "other"]) == nil)
    }

    @Test func `a real server is shown`() async throws {
        try await TestServer.run { server in
            let first = try await server.scrape()
            let connection = try await server.admin.connect()
            let second = try await server.scrape()
            let lines = TopScreen(url: "here", columns: 200, rows: 100).lines(second, since: first, seconds: 1, unixTime: 0)
            #expect(lines.contains { $0.hasPrefix("connections   1 ") })
            #expect(lines.contains { $0.hasSuffix(" /metrics") })
            await connection.close()
        }
    }
}
