import Client
import ServerTesting
import Testing
import Wire

/// A reader that stops on a channel where much happens.
@Suite(.timeLimit(.minutes(5))) struct SlowReaderTests {
    private static let settings = """
        "namespaces": [{"name": "hot", "allow_subscribe_for_client": true, "history_size": 100000, "history_ttl": "300s",
            "force_recovery": true, "allowed_delta_types": ["fossil"]}]
        """
    private static let channel = "hot:quotes"
    private static let text = String(repeating: "x", count: 900)
    private static let batch = 500
    private static let batchesMax = 60

    /// Publishes a batch.
    private static func publish(_ engine: TestEngine, after count: Int) async throws {
        let commands = (1...batch).map { #"{"publish":{"channel":"\#(channel)","data":{"n":\#(count + $0),"text":"\#(text)"}}}"# }
        let answer = try await engine.call("batch", #"{"commands":[\#(commands.joined(separator: ","))]}"#)
        #expect(answer.status == 200 && !answer.text.contains(#""error""#))
    }

    private static func clients(_ engine: TestEngine) async throws -> Int {
        let nodes = try await engine.api("info", "{}").members?["nodes"]?.elements
        return try nodes?.first?.members?["num_clients"]?.decode(Int.self) ?? 0
    }

    @Test func `who is cut off as too slow resumes without loss, though it lacks a whole queue`() async throws {
        try await TestEngine.run(Self.settings) { engine in
            var configuration = LiveConfiguration()
            configuration.receiveBufferBytes = 4_096
            let token = engine.token(#""sub":"ana""#)
            let slow = try await LiveConnection.connect(port: engine.port, token: token, configuration: configuration)
            var position = try #require(try await slow.subscribe(Self.channel).position)

            try await slow.setReading(false)
            var published = 0
            while try await Self.clients(engine) > 0, published < Self.batchesMax * Self.batch {
                try await Self.publish(engine, after: published)
                published += Self.batch
            }
            try await slow.setReading(true)
            do {
                for try await push in slow.pushes { Self.take(push, &position) }
            } catch let closed as ClosedConnection {
                #expect(closed.code == 3008)
            }
            // Its queue was dropped, a megabyte of publications of some 900 bytes.
            let missed = published - Int(position.offset)
            #expect(missed > 600)

            let again = try await engine.connect("ana")
            let resumed = try await again.subscribe(Self.channel, since: position)
            #expect(resumed.recovered)
            try await Self.publish(engine, after: published)
            published += Self.batch
            for publication in resumed.missed { Self.take(publication, &position) }
            while position.offset < UInt64(published) { Self.take(try await again.next(), &position) }
            await again.close()
        }
    }

    private static func take(_ push: Push, _ position: inout StreamPosition) {
        if case .publication(let publication) = push.body { take(publication, &position) }
    }

    private static func take(_ publication: Publication, _ position: inout StreamPosition) {
        #expect(publication.offset == position.offset + 1)
        position = StreamPosition(epoch: position.epoch, offset: publication.offset)
    }

    /// Half a megabyte of quotes is a whole one as a text in JSON.
    @Test func `a publication that grows by being a text in JSON is told and resumed`() async throws {
        try await TestEngine.run(Self.settings) { engine in
            let texts = (1...3).map { number in "\"\(number)" + String(repeating: "\\\"", count: 249_000) + "\"" }
            let ana = try await engine.connect("ana")
            let request = SubscribeRequest(channel: Self.channel, delta: "fossil")
            let start = try await ana.subscribe(request)
            var live = DeltaDecoder(for: JSONClientCodec())
            for text in texts {
                try await engine.api("publish", #"{"channel":"\#(Self.channel)","data":\#(text)}"#)
                #expect(try live.decode(try await ana.nextPublication().1).data.text == text)
            }
            await ana.close()

            let again = try await engine.connect("ana")
            let resumed = try await again.subscribe(
                SubscribeRequest(channel: Self.channel, recover: true, epoch: start.epoch, offset: start.offset, delta: "fossil")
            )
            #expect(resumed.recovered)
            var decoder = DeltaDecoder(for: JSONClientCodec())
            var told = try resumed.publications.map { try decoder.decode($0).data.text }
            while told.count < texts.count { told.append(try decoder.decode(try await again.nextPublication().1).data.text) }
            #expect(told == texts)
            await again.close()
        }
    }

    @Test func `a publication that no queue holds is refused`() async throws {
        try await TestEngine.run(Self.settings) { engine in
            let text = String(repeating: "x", count: 600_000)
            let tooLarge = try await engine.errorCode("publish", #"{"channel":"\#(Self.channel)","data":"\#(text)"}"#)
            #expect(tooLarge == 106)
            let short = try await engine.errorCode("publish", #"{"channel":"\#(Self.channel)","data":"short"}"#)
            #expect(short == nil)
        }
    }

    @Test func `the client of a stream that stops reading is cut off in a moment`() async throws {
        // A queue that takes everything: only the time is up.
        let settings = Self.settings + #", "client": {"queue_max_size": 67108864, "stream_write_timeout": "1s"}"#
        try await TestEngine.run(settings) { engine in
            let socket = try await RawSocket.connect(port: engine.port, isReading: false)
            let connect = #"{"id":1,"connect":{"token":"\#(engine.token(#""sub":"ana","channels":["hot:quotes"]"#))"}}"#
            try await socket.write(
                "POST /connection/http_stream HTTP/1.1\r\nHost: a\r\nContent-Length: \(connect.utf8.count)\r\n\r\n\(connect)"
            )
            while try await Self.clients(engine) == 0 {}
            for batch in 0..<40 { try await Self.publish(engine, after: batch * Self.batch) }
            let clock = ContinuousClock.now
            while try await Self.clients(engine) > 0 {}
            // A second, and up to one more until it is looked at; a WebSocket has ten.
            #expect(ContinuousClock.now - clock < .seconds(8))
            await socket.cut()
        }
    }
}
