import Foundation
import SeededRandom
import Testing
import Wire

/// What payloads may be in the Protobuf form, whose `bytes` can hold anything.
@Suite struct PayloadTests {
    private let carrying = ProtobufCodec(carriesBytes: true)
    private let carryingClient = ProtobufClientCodec(carriesBytes: true)

    /// A publish command whose payload is those bytes.
    private func publish(_ bytes: [UInt8]) -> [UInt8] {
        ProtobufClientCodec().encode([Command(id: 1, request: .publish(PublishRequest(channel: "c", data: RawJSON(bytes: bytes))))])
    }

    private func published(_ bytes: [UInt8], _ codec: ProtobufCodec) throws -> RawJSON? {
        guard case .publish(let request) = try #require(try decodeCommands(publish(bytes), codec).first).request else { return nil }
        return request.data
    }

    static let notJSON: [[UInt8]] = [
        [0], [0xFF, 0xFE], Array("{".utf8), Array("{}{}".utf8), Array("{\"a\":1".utf8), Array("nul".utf8), [0x22, 0xC3, 0x22],
        Array("\"\\ud800\"".utf8), Array("\n".utf8), Array("}\n{\"push\":{}}\n{".utf8),
    ]

    @Test func `JSON travels as it is but for line breaks between tokens`() throws {
        #expect(try published(Array("{\"z\": 1.50,\r\n\"a\":\"\\n\"}".utf8), ProtobufCodec()) == RawJSON(#"{"z": 1.50,"a":"\n"}"#))
        #expect(try published([], ProtobufCodec()) == nil)
    }

    @Test(arguments: notJSON)
    func `bytes that are no JSON are refused where they are not carried`(bytes: [UInt8]) {
        #expect(throws: FrameError.malformed) { try decodeCommands(publish(bytes), ProtobufCodec()) }
    }

    @Test(arguments: notJSON)
    func `bytes that are carried reach Protobuf clients as they were and JSON clients as a string`(bytes: [UInt8]) throws {
        let data = try #require(try published(bytes, carrying))
        let push = Push(channel: "c", body: .publication(Publication(data: data)))

        var frame: [UInt8] = []
        carrying.append(push, to: &frame)
        let raw = try #require(frame.firstRange(of: bytes))
        #expect(Array(frame[raw]) == bytes)
        #expect(try decodeMessages(frame, carryingClient) == [.push(push)])

        let text = encoded([.push(push), .ping])
        #expect(text.split(separator: "\n").count == 2)
        #expect(try decodeMessages(Array(text.utf8)) == [.push(push), .ping])
        #expect(try data.decode(String.self) == "data:application/octet-stream;base64," + Data(bytes).base64EncodedString())
    }

    @Test func `a string that looks like carried bytes stays what it is`() throws {
        // Of JSON, of nothing, of no base 64: no Protobuf client could have sent what these would be.
        for text in ["e30=", "", "%%"] {
            let data = RawJSON(#""data:application/octet-stream;base64,\#(text)""#)
            #expect(carrying.text(of: data) == data.bytes)
        }
        let data = RawJSON(#""data:application/octet-stream;base64,AAE=""#)
        #expect(carrying.text(of: data) == [0, 1])
        #expect(ProtobufCodec().text(of: data) == data.bytes)
    }

    @Test func `any bytes whatever survive being carried`() throws {
        var generator = SplitMix64(seed: 11)
        for _ in 0..<2_000 {
            let bytes = (0..<generator.number(in: 1...40)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            let data = try #require(try published(bytes, carrying))
            #expect(RawJSON(validating: data.bytes) == data)
            if RawJSON(validating: bytes) == nil { #expect(carrying.text(of: data) == bytes) }
        }
    }

    @Test func `a payload is nested no deeper than either form carries it both ways`() throws {
        func nested(_ depth: Int) -> [UInt8] { Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8) }
        let deepest = try #require(try published(nested(62), ProtobufCodec()))
        #expect(throws: FrameError.malformed) { try decodeCommands(publish(nested(63)), ProtobufCodec()) }
        #expect(throws: FrameError.tooDeep) {
            try decodeCommands(#"{"id":1,"publish":{"data":\#(String(decoding: nested(63), as: UTF8.self))}}"#)
        }
        let result = SubscribeResult(publications: [Publication(data: deepest)])
        let message = ServerMessage.reply(Reply(id: 1, body: .connect(ConnectResult(client: "c", subs: ["c": result]))))
        for codecs in [CodecPair.json, .protobuf] {
            #expect(try decodeMessages(encode([message], codecs.server), codecs.client) == [message])
        }
    }
}
