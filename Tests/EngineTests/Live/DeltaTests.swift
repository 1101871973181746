import Client
import Testing
import Wire

/// Publications as differences, through real sockets in both forms of the protocol.
@Suite(.timeLimit(.minutes(2))) struct DeltaTests {
    private static let settings = """
        "namespaces": [{"name": "ns", "allow_subscribe_for_client": true, "history_size": 100, "history_ttl": "60s",
            "force_recovery": true, "allowed_delta_types": ["fossil"]}, {"name": "other", "allow_subscribe_for_client": true,
            "history_size": 100, "history_ttl": "60s"}]
        """
    private static let channel = "ns:a"

    private static func text(_ number: Int) -> String {
        let letters = Array("абвгдежзийклмнопрстуфхцчшщъыьэюя")
        let signs = ["🏋", "🏊", "🏀", "🎾"]
        return #"{"зал":"Большой \#(letters[number % 32])\#(signs[number % 4])","статус":"открыт для всех посетителей","n":\#(number / 7)}"#
    }

    /// One client of the channel, over as many connections as it takes.
    private struct Reader {
        let engine: TestEngine
        let codec: any ServerCodec
        private(set) var connection: LiveConnection
        private(set) var decoder: DeltaDecoder
        private(set) var position = StreamPosition(epoch: "", offset: 0)
        private(set) var texts: [String] = []
        private(set) var deltas = 0

        init(_ engine: TestEngine, _ codec: any ServerCodec) async throws {
            self.engine = engine
            self.codec = codec
            connection = try await Self.connect(engine, codec)
            decoder = DeltaDecoder(for: codec)
            try await subscribe(recover: false)
        }

        private static func connect(_ engine: TestEngine, _ codec: any ServerCodec) async throws -> LiveConnection {
            var configuration = LiveConfiguration()
            configuration.codec = codec
            let token = engine.token(#""sub":"ana""#)
            return try await LiveConnection.connect(port: engine.port, token: token, configuration: configuration)
        }

        mutating func reconnect() async throws {
            connection = try await Self.connect(engine, codec)
            decoder = DeltaDecoder(for: codec)
            try await subscribe(recover: true)
        }

        private mutating func subscribe(recover: Bool) async throws {
            let result = try await connection.subscribe(
                SubscribeRequest(channel: channel, recover: recover, epoch: position.epoch, offset: position.offset, delta: "fossil")
            )
            #expect(result.delta && result.recovered == recover)
            position = StreamPosition(epoch: result.epoch, offset: result.offset)
            for publication in result.publications { try take(publication) }
        }

        mutating func read(through count: Int) async throws {
            while texts.count < count { try take(try await connection.nextPublication().1) }
        }

        private mutating func take(_ publication: Publication) throws {
            if publication.delta { deltas += 1 }
            texts.append(try decoder.decode(publication).data.text)
            position = StreamPosition(epoch: position.epoch, offset: publication.offset)
        }
    }

    @Test(arguments: [JSONClientCodec(), ProtobufClientCodec(carriesBytes: true)] as [any ServerCodec])
    func `what is rebuilt is what was published, across reconnects`(codec: any ServerCodec) async throws {
        try await TestEngine.run(Self.settings) { engine in
            var published: [String] = []
            func publish(_ count: Int) async throws {
                for _ in 0..<count {
                    let text = Self.text(published.count)
                    try await engine.api("publish", #"{"channel":"\#(Self.channel)","data":\#(text)}"#)
                    published.append(text)
                }
            }
            try await publish(1)
            let before = published.count
            var reader = try await Reader(engine, codec)
            for round in 0..<6 {
                try await publish(5)
                try await reader.read(through: published.count - before)
                await reader.connection.close()
                // Every other time nothing is missed.
                if round.isMultiple(of: 2) { try await publish(4) }
                try await reader.reconnect()
            }
            try await publish(2)
            try await reader.read(through: published.count - before)
            #expect(reader.texts == Array(published.dropFirst(before)))
            #expect(reader.deltas > published.count / 2)
        }
    }

    @Test func `a channel that does not allow them has none`() async throws {
        try await TestEngine.run(Self.settings) { engine in
            let ana = try await engine.connect("ana")
            #expect(try await ana.subscribe(SubscribeRequest(channel: "other:a", delta: "fossil")).delta == false)
            try await engine.api("publish", #"{"channel":"other:a","data":{"a":1}}"#)
            #expect(try await ana.nextData() == #"{"a":1}"#)
        }
    }
}
