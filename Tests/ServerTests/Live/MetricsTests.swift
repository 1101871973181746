import Client
import Gym
import Server
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(5))) struct MetricsTests {
    @Test func `the figures move with what happens`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let slot = try await server.slot(at: server.venue())
            let venue = try await server.venue()
            let before = try await server.scrape()
            #expect(before.sum("ringside_connections") == 0)

            let connection = try await ana.connect()
            let subscribed = try await connection.subscribe(venue.calendarChannel)
            let during = try await server.scrape()
            #expect(during.sum("ringside_connections") == 1)
            // One to the user's own channel, which comes with the connection.
            #expect(during.sum("ringside_subscriptions") == 2)
            #expect(during.sum("ringside_channels") == 2)

            _ = try await ana.reserve(slot).success()
            try await server.announce("all is new", at: venue)
            var pushes = connection.pushes.makeAsyncIterator()
            for _ in 0..<2 { _ = try await pushes.next() }
            let reserved = ["route": "/api/v1/reservations", "method": "POST", "status": "201"]
            // A request is counted when its answer has left.
            while try await server.scrape().sum("ringside_http_requests_total", where: reserved) == nil {}
            let after = try await server.scrape()
            func growth(_ name: String, _ labels: [String: String] = [:]) -> Double {
                (after.sum(name, where: labels) ?? 0) - (before.sum(name, where: labels) ?? 0)
            }
            #expect(growth("ringside_transactions_total") == 2)
            #expect(growth("ringside_commits_total") == 2)
            for histogram in ["ringside_commit_seconds", "ringside_batch_seconds", "ringside_batch_transactions"] {
                #expect(growth(histogram + "_count") == 2, "\(histogram)")
            }
            #expect(growth("ringside_batch_transactions_sum") == 2)
            #expect(growth("ringside_batch_seconds_sum") >= growth("ringside_commit_seconds_sum"))
            #expect(growth("ringside_commit_seconds_sum") > 0)
            #expect(growth("ringside_events_total") >= 2)
            #expect(growth("ringside_deliveries_total") == 2)
            #expect(growth("ringside_commit_to_delivery_seconds_count") == 2)
            #expect(growth("ringside_subscription_starts_total", ["outcome": "fresh"]) == 2)
            #expect(growth("ringside_log_reads_total") >= 2)
            #expect(growth("ringside_http_requests_total", reserved) == 1)
            #expect(growth("ringside_http_request_duration_seconds_count", ["route": "/api/v1/reservations"]) == 1)
            #expect(growth("ringside_http_requests_total", ["route": "/metrics", "status": "200"]) >= 1)

            // Where it left off, and where nobody ever was.
            let position = try #require(subscribed.position)
            try await connection.unsubscribe(venue.calendarChannel)
            _ = try await connection.subscribe(venue.calendarChannel, since: position)
            try await connection.unsubscribe(venue.calendarChannel)
            _ = try await connection.subscribe(venue.calendarChannel, since: StreamPosition(epoch: "other", offset: 1))
            let resumed = try await server.scrape()
            #expect(resumed.sum("ringside_subscription_starts_total", where: ["outcome": "recovered"]) == 1)
            #expect(resumed.sum("ringside_subscription_starts_total", where: ["outcome": "unrecovered"]) == 1)

            await connection.close()
            // The client has gone before the server has counted it.
            while try await server.scrape().sum("ringside_connections") != 0 {}
            #expect(try await server.scrape().sum("ringside_subscriptions") == 0)
        }
    }

    @Test func `closes are counted by code, and the peers' own are not`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let leaving = try await UpgradedSocket.connect(port: server.port)
            try await leaving.send(RawFrame(RawFrame.Opcode.close, [0x0B, 0xB8]))
            _ = try await leaving.receiveClose()
            #expect(try await UpgradedSocket.closeCode(port: server.port, after: [#"{"id":1,"subscribe":{"channel":"a"}}"#]) == 3501)
            let connection = try await ana.connect()
            try await ana.rest.post("/api/v1/users/logout").success()
            await #expect(throws: ClosedConnection.self) { for try await _ in connection.pushes {} }
            let scrape = try await server.scrape()
            #expect(scrape.sum("ringside_closes_total", where: ["code": "3501"]) == 1)
            #expect(scrape.sum("ringside_closes_total", where: ["code": "3500"]) == 1)
            #expect(scrape.sum("ringside_closes_total") == 2)
        }
    }

    @Test func `the page follows the text format to the letter`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let connection = try await ana.connect()
            _ = try await connection.refusal(toSubscribe: "nowhere:1")
            _ = try await server.rest.get("/api/v1/venues")
            let page = MetricsText(try await server.rest.get("/metrics").success().text)
            #expect(page.problems.isEmpty)
            #expect(page.values["ringside_slow_consumers_total"] == 0)
            #expect(page.values[#"ringside_build_info{version="0.1.0"}"#] == 1)
            #expect(page.values["process_resident_memory_bytes"] ?? 0 > 0)
            await connection.close()
        }
    }

    @Test(arguments: [
        "a 1\n", "# HELP a x\n# TYPE a counter\na -1\n", "# HELP a x\n# TYPE a gauge\na 1", "# HELP a x\n# TYPE a gauge\na one\n",
        "# HELP a x\n# TYPE a gauge\na{b=\"c\"} 1\na{b=\"c\"} 2\n", "# HELP a x\n# TYPE a gauge\na{b=\"\\x\"} 1\n",
        "# HELP a x\n# TYPE a gauge\na 1\n# HELP a x\n# TYPE a gauge\n", "# HELP a x\n# TYPE a gauge\nb 1\n",
        "# HELP a x\n# TYPE a histogram\na_bucket{le=\"1\"} 1\na_sum 1\na_count 1\n",
        "# HELP a x\n# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n",
    ])
    func `the strict reader sees what is wrong`(page: String) {
        #expect(!MetricsText(page).problems.isEmpty)
    }

    @Test func `nothing personal is in the figures`() async throws {
        try await TestServer.run { server in
            let name = "wilhelmina"
            let member = try await server.member(name)
            let connection = try await member.connect()
            let slot = try await server.slot(capacity: 1)
            _ = try await member.reserve(slot).success()
            _ = try await member.rest.get("/api/v1/users/me?note=\(name)")
            let text = try await server.rest.get("/metrics").success().text
            for secret in [name, member.token, "personal:", "calendar:", "127.0.0.1"] { #expect(!text.contains(secret), "\(secret)") }
            await connection.close()
        }
    }
}
