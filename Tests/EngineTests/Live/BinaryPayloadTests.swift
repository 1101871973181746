import Client
import Testing
import Wire

/// Payloads that are no JSON, from and for clients that speak Protobuf.
@Suite(.timeLimit(.minutes(2))) struct BinaryPayloadTests {
    private static let settings = """
        "namespaces": [{"name": "ns", "allow_subscribe_for_client": true, "allow_publish_for_subscriber": true, "history_size": 10,
            "history_ttl": "60s", "force_recovery": true}]
        """
    private static let url = #""data:application/octet-stream;base64,AP/+AQ==""#

    private func connect(_ engine: TestEngine, carriesBytes: Bool) async throws -> LiveConnection {
        var configuration = LiveConfiguration()
        configuration.codec = ProtobufClientCodec(carriesBytes: carriesBytes)
        return try await LiveConnection.connect(
            port: engine.port, token: engine.token(#""sub":"ana""#), configuration: configuration
        )
    }

    @Test func `bytes arrive as they are, live and recovered, and JSON clients get them in a URL`() async throws {
        try await TestEngine.run(Self.settings) { engine in
            let sender = try await connect(engine, carriesBytes: true)
            // Shows the very bytes of a frame.
            let witness = try await connect(engine, carriesBytes: false)
            let json = try await engine.connect("ben")
            for connection in [sender, witness, json] { _ = try await connection.subscribe("ns:a") }
            let start = try #require(try await sender.subscribe("ns:b").position)
            for channel in ["ns:a", "ns:b"] {
                _ = try await sender.call(.publish(PublishRequest(channel: channel, data: RawJSON(Self.url))))
            }

            #expect(try await sender.nextData() == Self.url)
            #expect(try await json.nextData() == Self.url)
            await #expect(throws: (any Error).self) { try await witness.next() }

            let back = try await connect(engine, carriesBytes: true)
            #expect(try await back.subscribe("ns:b", since: start).missed.map(\.data.text) == [Self.url])
        }
    }
}
