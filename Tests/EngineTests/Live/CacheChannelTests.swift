import Client
import Testing
import Wire

/// Values that change, of which the latest is all that matters.
@Suite(.timeLimit(.minutes(5))) struct CacheChannelTests {
    private static let settings = """
        "namespaces": [{"name": "price", "allow_subscribe_for_client": true, "history_size": 1, "history_ttl": "300s",
            "force_recovery": true, "force_recovery_mode": "cache"}]
        """
    private static let text = String(repeating: "x", count: 50_000)
    /// Some 20 MB: more than the system's buffers hold.
    private static let last: UInt64 = 400

    @Test func `who does not read for a while skips what is old, ends with the latest, and is not sent away`() async throws {
        try await TestEngine.run(Self.settings) { engine in
            func publish(_ number: UInt64) async throws {
                try await engine.api("publish", #"{"channel":"price:a","data":{"n":\#(number),"text":"\#(Self.text)"}}"#)
            }
            var configuration = LiveConfiguration()
            configuration.receiveBufferBytes = 4_096
            let token = engine.token(#""sub":"ana""#)
            let ana = try await LiveConnection.connect(port: engine.port, token: token, configuration: configuration)
            _ = try await ana.subscribe("price:a")
            try await ana.setReading(false)
            for number in 1...Self.last { try await publish(number) }
            try await ana.setReading(true)
            var heard: [UInt64] = []
            while heard.last != Self.last { heard.append(try await ana.nextPublication().1.offset) }
            #expect(heard == heard.sorted())
            #expect(heard.count < Self.last)
            try await publish(Self.last + 1)
            #expect(try await ana.nextPublication().1.offset == Self.last + 1)
            await ana.close()
        }
    }
}
