import Testing
import Wire

@Suite struct ProtobufCodecTests {
    private let codec = ProtobufCodec()
    private let client = ProtobufClientCodec()

    @Test func `every command reads back as it was written`() throws {
        for command in everyCommand { #expect(try decodeCommands(client.encode([command]), codec) == [command]) }
        #expect(try decodeCommands(client.encode(everyCommand), codec) == everyCommand)
    }

    @Test func `every reply and push reads back as it was written`() throws {
        for message in everyMessage { #expect(try decodeMessages(encode([message], codec), client) == [message]) }
        #expect(try decodeMessages(encode(everyMessage, codec), client) == everyMessage)
    }

    @Test func `a message stands behind its length and a ping is a zero`() throws {
        var frame: [UInt8] = []
        codec.append(Reply(id: 1, body: .unsubscribe), to: &frame)
        codec.appendPing(to: &frame)
        // Field 1 is a varint of 1, field 7 a message of no bytes.
        #expect(frame == [4, 0x08, 1, 0x3A, 0, 0])
        #expect(client.encode([Command(id: 0, request: .pong)]) == [0])
        #expect(try decodeCommands([0, 0], codec) == [Command(id: 0, request: .pong), Command(id: 0, request: .pong)])
        #expect(try decodeCommands([2, 0x08, 0], codec) == [Command(id: 0, request: .pong)])
    }

    @Test func `a long message has a long length`() throws {
        let command = Command(id: 1, request: .rpc(RPCRequest(method: String(repeating: "m", count: 20_000))))
        let frame = client.encode([command])
        #expect(frame[0] >= 0x80 && frame[1] >= 0x80 && frame[2] < 0x80)
        #expect(try decodeCommands(frame + frame, codec) == [command, command])
    }

    @Test func `messages that were encoded on their own join without a separator`() throws {
        #expect(codec.separator.isEmpty && !codec.isText)
        #expect(try decodeMessages(everyMessage.flatMap { encode([$0], codec) }, client) == everyMessage)
    }

    @Test func `unknown fields are ignored and a message of nothing else is refused`() throws {
        // Field 99 with a varint, inside of the command and inside of its request.
        let unknown: [UInt8] = [0x98, 0x06, 1]
        let frame: [UInt8] = [10, 0x08, 1] + unknown + [0x5A, 3] + unknown
        #expect(try decodeCommands(frame, codec) == [Command(id: 1, request: .ping)])
        #expect(throws: FrameError.unknownCommand) { try decodeCommands([3] + unknown, codec) }
        #expect(throws: FrameError.unknownCommand) { try decodeMessages([3] + unknown, client) }
    }

    @Test(
        arguments: [
            ([], .empty), ([1], .malformed), ([0x80], .malformed), ([0x80, 0x80, 0x80, 0x80, 1], .malformed),
            ([0xFF, 0xFF, 0xFF, 0x7F], .malformed), ([3, 0x08, 1], .malformed), ([1, 0x08], .malformed), ([1, 0x00], .malformed),
            // A field of the wrong kind is an unknown one: an id that is a string is none.
            ([4, 0x0A, 0, 0x5A, 0], .missingID),
            ([2, 0x08, 1], .unknownCommand), ([3, 0x98, 0x06, 1], .unknownCommand), ([2, 0x22, 0], .missingID),
            ([6, 0x08, 1, 0x22, 0, 0x2A, 0], .severalCommands), ([2, 0x5A, 0], .missingID),
            // A string that is no UTF-8.
            ([7, 0x08, 1, 0x42, 3, 0x0A, 1, 0xFF], .malformed),
        ] as [([UInt8], FrameError)])
    func `frames that break a rule are refused`(frame: [UInt8], error: FrameError) {
        #expect(throws: error) { try decodeCommands(frame, codec) }
    }

    @Test func `a frame holds no more commands than the bound`() {
        #expect(throws: Never.self) { try decodeCommands(Array(repeating: 0, count: 4_096), codec) }
        #expect(throws: FrameError.tooManyMessages) { try decodeCommands(Array(repeating: 0, count: 4_097), codec) }
        func lines(_ count: Int) -> [UInt8] { Array(Array(repeating: "{}", count: count).joined(separator: "\n").utf8) }
        #expect(throws: Never.self) { try decodeCommands(lines(4_096)) }
        #expect(throws: FrameError.tooManyMessages) { try decodeCommands(lines(4_097)) }
    }

    @Test(arguments: [CodecPair.json, .protobuf])
    func `maps, filters and nesting are bounded`(codecs: CodecPair) {
        func frame(_ request: ConnectRequest) -> [UInt8] { codecs.client.encode([Command(id: 1, request: .connect(request))]) }
        func headers(_ count: Int) -> ConnectRequest {
            ConnectRequest(headers: Dictionary(uniqueKeysWithValues: (0..<count).map { ("\($0)", "") }))
        }
        #expect(throws: Never.self) { try decodeCommands(frame(headers(1_024)), codecs.server) }
        #expect(throws: FrameError.malformed) { try decodeCommands(frame(headers(1_025)), codecs.server) }

        func filter(_ filter: FilterNode) -> ConnectRequest { ConnectRequest(subs: ["c": SubscribeRequest(filter: filter)]) }
        func nested(_ depth: Int) -> FilterNode { (1..<depth).reduce(FilterNode()) { inner, _ in FilterNode(op: "not", nodes: [inner]) } }
        #expect(throws: Never.self) { try decodeCommands(frame(filter(nested(FilterNode.depthMax))), codecs.server) }
        for depth in [FilterNode.depthMax + 1, 30, 60, 2_000] {
            #expect(throws: FrameError.tooDeep) { try decodeCommands(frame(filter(nested(depth))), codecs.server) }
        }
        func wide(_ nodes: Int, _ values: Int) -> FilterNode {
            FilterNode(vals: Array(repeating: "v", count: values), nodes: Array(repeating: FilterNode(), count: nodes))
        }
        #expect(throws: Never.self) { try decodeCommands(frame(filter(wide(100, 155))), codecs.server) }
        #expect(throws: FrameError.malformed) { try decodeCommands(frame(filter(wide(100, 156))), codecs.server) }
    }

    @Test func `groups that nest without end are refused`() {
        // Field 100 as the beginning of a group, over and over.
        let groups = Array(Array(repeating: [0xA3, 0x06] as [UInt8], count: 30_000).joined())
        let length: [UInt8] = [UInt8(groups.count & 0x7F) | 0x80, UInt8(groups.count >> 7 & 0x7F) | 0x80, UInt8(groups.count >> 14)]
        #expect(throws: FrameError.tooDeep) { try decodeCommands(length + groups, codec) }
    }
}
