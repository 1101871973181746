import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(5))) struct RefusalCountTests {
    private static let resolve = LoopbackServer.accepting { ScriptedDelegate(Journal()) { $0.sendText(Array($1.utf8)) } }

    /// Sends bytes on a connection of its own and waits for the end of the answer.
    private static func send(_ bytes: String, port: Int) async throws {
        let client = try RawClient(port: port)
        try await client.send(bytes)
        _ = try await client.receiveAll()
        client.close()
    }

    private static func counts(_ metric: Metric, _ registry: MetricsRegistry) async -> [String: Double] {
        let samples = await registry.families().filter { $0.metric == metric }.flatMap(\.samples)
        return samples.reduce(into: [:]) { counts, sample in
            if case .number(let count) = sample.value, count > 0 { counts[sample.labels[0]] = count }
        }
    }

    @Test func `each way to be turned away has its count`() async throws {
        let registry = MetricsRegistry()
        let limits = Admission.Limits(upgradesPerSecondMax: 0, upgradesBurstMax: 1)
        let admission = Admission(limits, refusals: Refusals(factory: registry))
        try await LoopbackServer.run(admission: admission, resolve: Self.resolve) { server in
            try await Self.send(
                RawWebSocket.handshake().replacing("Sec-WebSocket-Version: 13", with: "Sec-WebSocket-Version: 7"), port: server.port)
            try await Self.send(RawWebSocket.handshake(), port: server.port)
            try await Self.send("GET / HTTP/1.1\r\nCookie: " + String(repeating: "c", count: 100_000), port: server.port)
        }
        let reasons = await Self.counts(.refusals, registry)
        #expect(reasons["handshake"] == 1)
        #expect(reasons["rate"] == 1)
        #expect(reasons["request_head"] == 1)
        let hits = await Self.counts(.limitsHit, registry)
        #expect(hits["upgrades"] == 1)
        #expect(hits["request_head_bytes"] == 1)
    }

    @Test func `a connection too many from one address is counted`() async throws {
        let registry = MetricsRegistry()
        let admission = Admission(.init(connectionsPerAddressMax: 0), refusals: Refusals(factory: registry))
        try await LoopbackServer.run(admission: admission, resolve: Self.resolve) { server in
            try await Self.send(RawWebSocket.handshake(), port: server.port)
        }
        #expect(await Self.counts(.refusals, registry) == ["address": 1])
        #expect(await Self.counts(.limitsHit, registry) == ["accepts_per_address": 1])
    }

    @Test func `every reason begins at zero`() async {
        let registry = MetricsRegistry()
        _ = Refusals(factory: registry)
        let samples = await registry.families().filter { $0.metric == .refusals }.flatMap(\.samples)
        #expect(Set(samples.flatMap(\.labels)) == Set(Refusals.Reason.allCases.map(\.rawValue)))
        #expect(samples.allSatisfy { $0.value == .number(0) })
    }
}
