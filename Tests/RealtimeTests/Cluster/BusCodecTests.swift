import Core
import NIOCore
import SeededRandom
import Testing
import Wire

@testable import Realtime

@Suite struct BusCodecTests {
    private static let info = ClientInfo(user: "42", client: "c-1", connInfo: RawJSON(#"{"name":"Ana"}"#), chanInfo: nil)

    private static let news: [BusNews] = [
        .committed(
            CommittedEvent(
                channel: "calendar:venue:1", position: StreamPosition(epoch: "e1", offset: 7), data: RawJSON(#"{"größe":1}"#),
                tags: ["a": "1", "b": ""], info: info
            )
        ),
        .publication(Publication(data: RawJSON("1"), info: nil, tags: ["k": "v"]), channel: "chat-live:1"),
        .moved(channel: "system:orders"), .joined(info, channel: "chat:1"), .left(ClientInfo(user: "", client: "c-2"), channel: "chat:1"),
    ]

    @Test func `what one node says another one reads`() throws {
        for body in [BusMessage.Body.news(Self.news), .news([]), .commands([1, 2, 3], session: "secret")] {
            let message = BusMessage(node: "node-1", body: body)
            let read = try BusCodec.decode(BusCodec.encode(message))
            switch (message.body, read.body) {
            case (.news(let told), .news(let heard)): #expect(told.map(Self.described) == heard.map(Self.described))
            case (.commands(let told, let from), .commands(let heard, let to)): #expect(told == heard && from == to)
            default: #expect(Bool(false))
            }
            #expect(read.node == "node-1")
        }
    }

    /// Dictionaries have no order.
    private static func described(_ news: BusNews) -> String {
        switch news {
        case .committed(let event):
            "\(event.channel) \(event.position) \(event.data.text) \(event.tags.sorted { $0.key < $1.key }) \(String(describing: event.info))"
        case .moved(let channel): "> \(channel)"
        case .publication(let publication, let channel): "\(channel) \(publication)"
        case .joined(let info, let channel): "+ \(channel) \(info)"
        case .left(let info, let channel): "- \(channel) \(info)"
        }
    }

    @Test func `a message that is cut anywhere is none`() {
        let whole = Array(BusCodec.encode(BusMessage(node: "node-1", body: .commands([1, 2, 3], session: "s"))).readableBytesView)
        for count in 0..<whole.count {
            #expect(throws: BusCodec.Malformed.self) { try BusCodec.decode(ByteBuffer(bytes: whole.prefix(count))) }
        }
        #expect(throws: BusCodec.Malformed.self) { try BusCodec.decode(ByteBuffer(bytes: whole + [0])) }
    }

    @Test func `a message of another version is none`() {
        var bytes = Array(BusCodec.encode(BusMessage(node: "node-1", body: .news([]))).readableBytesView)
        bytes[0] += 1
        #expect(throws: BusCodec.Malformed.self) { try BusCodec.decode(ByteBuffer(bytes: bytes)) }
    }

    @Test(arguments: ["", "{", "1 2", "\u{1}", "{\"a\":\"\n\"}"])
    func `data that would break a frame is not let in`(data: String) {
        let news = BusNews.publication(Publication(data: RawJSON(data)), channel: "c")
        let bytes = BusCodec.encode(BusMessage(node: "n", body: .news([news])))
        #expect(throws: BusCodec.Malformed.self) { try BusCodec.decode(bytes) }
    }

    @Test func `any bytes are read or refused, and never cost more than they are`() {
        var random = SplitMix64(seed: 4_711)
        let whole = Array(BusCodec.encode(BusMessage(node: "node-1", body: .news(Self.news))).readableBytesView)
        var refused = 0
        for _ in 0..<20_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes[at] = 0xFF
                case 2: bytes.remove(at: at)
                default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
                }
            }
            do { _ = try BusCodec.decode(ByteBuffer(bytes: bytes)) } catch { refused += 1 }
        }
        #expect(refused > 10_000)
    }
}
