import Testing

@testable import Gateway

@Suite struct FrameParserTests {
    struct Case: CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]
        var expected: [ParsedStream.Item]

        init(_ description: String, _ frames: [ClientFrame], _ expected: [ParsedStream.Item]) {
            self.init(description, bytes: frames.bytes, expected)
        }

        init(_ description: String, bytes: [UInt8], _ expected: [ParsedStream.Item]) {
            testDescription = description
            self.bytes = bytes
            self.expected = expected
        }
    }

    static let accepted: [Case] = [
        Case("empty text", [.text("")], [.text("")]),
        Case("text", [.text("hello")], [.text("hello")]),
        Case("binary", [.binary([0, 255, 128])], [.binary([0, 255, 128])]),
        Case("two messages in a row", [.text("a"), .text("b")], [.text("a"), .text("b")]),
        Case("125 bytes", [.binary(.init(repeating: 7, count: 125))], [.binary(.init(repeating: 7, count: 125))]),
        Case("126 bytes", [.binary(.init(repeating: 7, count: 126))], [.binary(.init(repeating: 7, count: 126))]),
        Case("65,535 bytes", [.binary(.init(repeating: 7, count: 65_535))], [.binary(.init(repeating: 7, count: 65_535))]),
        Case("65,536 bytes", [.binary(.init(repeating: 7, count: 65_536))], [.binary(.init(repeating: 7, count: 65_536))]),
        Case("fragments", [.text("he", isFinal: false), .more([0x6C], isFinal: false), .more([0x6C, 0x6F])], [.text("hello")]),
        Case("empty fragments", [.text("", isFinal: false), .more([], isFinal: false), .more([])], [.text("")]),
        Case("empty last fragment", [.text("x", isFinal: false), .more([])], [.text("x")]),
        Case("ping between fragments", [.text("a", isFinal: false), .ping("p"), .more([0x62])], [.ping("p"), .text("ab")]),
        Case("pong nobody asked for", [ClientFrame(0xA, [1])], [.pong]),
        Case("ping of 125 bytes", [.ping(.init(repeating: "p", count: 125))], [.ping(.init(repeating: "p", count: 125))]),
        Case(
            "a character across fragments", [.text("", isFinal: false), .more([0xE2, 0x82], isFinal: false), .more([0xAC])], [.text("€")]),
        Case("close without a code", [ClientFrame(0x8)], [.close(nil)]),
        Case("close with code and reason", [.close(1000, Array("bye".utf8))], [.close(1000)]),
        Case("lowest own code", [.close(3000)], [.close(3000)]),
        Case("highest own code", [.close(4999)], [.close(4999)]),
        Case("nothing after close", [.close(1001), .text("late"), ClientFrame(0x7)], [.close(1001)]),
    ]

    static let refused: [Case] = [
        Case("unmasked", [.text("a").unmasked()], [.fail(.unmasked)]),
        Case("first reserved bit", [.text("a").firstByte(0xC1)], [.fail(.reservedBits)]),
        Case("second reserved bit", [.text("a").firstByte(0xA1)], [.fail(.reservedBits)]),
        Case("third reserved bit", [.text("a").firstByte(0x91)], [.fail(.reservedBits)]),
        Case("fragmented ping", [ClientFrame(0x9, [1], isFinal: false)], [.fail(.controlFragmented)]),
        Case("fragmented close", [ClientFrame(0x8, [], isFinal: false)], [.fail(.controlFragmented)]),
        Case("ping of 126 bytes", [ClientFrame(0x9, .init(repeating: 0, count: 126))], [.fail(.controlTooLong)]),
        Case("16 bits for 125 bytes", [.binary(.init(repeating: 0, count: 125)).length(bits: 16)], [.fail(.lengthNotMinimal)]),
        Case("64 bits for 65,535 bytes", [.binary(.init(repeating: 0, count: 65_535)).length(bits: 64)], [.fail(.lengthNotMinimal)]),
        Case("64th bit", bytes: [0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0], [.fail(.lengthTooLarge)]),
        Case("longest possible length", bytes: [0x82, 0xFF, 0x7F] + .init(repeating: 0xFF, count: 11), [.fail(.messageTooBig)]),
        Case(
            "longest length in a continuation",
            bytes: ClientFrame.binary([1], isFinal: false).bytes
                + [0x80, 0xFF, 0x7F] + .init(repeating: 0xFF, count: 11), [.fail(.messageTooBig)]),
        Case("continuation of nothing", [.more([1])], [.fail(.unexpectedContinuation)]),
        Case("continuation of a finished message", [.text("a"), .more([1])], [.text("a"), .fail(.unexpectedContinuation)]),
        Case("text inside text", [.text("a", isFinal: false), .text("b")], [.fail(.messageInterrupted)]),
        Case("binary inside text", [.text("a", isFinal: false), .binary([1])], [.fail(.messageInterrupted)]),
        Case("close payload of one byte", [ClientFrame(0x8, [3])], [.fail(.closePayload)]),
        Case("invalid text", [ClientFrame(0x1, [0x61, 0xFF])], [.fail(.invalidText)]),
        Case("text that ends inside a character", [ClientFrame(0x1, [0xE2, 0x82])], [.fail(.invalidText)]),
        Case("invalid reason", [.close(1000, [0xC0, 0x80])], [.fail(.invalidText)]),
        Case("reason that ends inside a character", [.close(1000, [0xE2])], [.fail(.invalidText)]),
        Case("wrong byte in an unfinished message", [ClientFrame(0x1, [0xED, 0xA0], isFinal: false)], [.fail(.invalidText)]),
        Case("character cut off by the end", [.text("", isFinal: false), .more([0xF0], isFinal: false), .more([])], [.fail(.invalidText)]),
        Case("one byte too many", [.binary(.init(repeating: 0, count: 65_537))], [.fail(.messageTooBig)]),
        Case(
            "one byte too many in two frames",
            [
                .binary(.init(repeating: 0, count: 65_536), isFinal: false), .more([0]),
            ], [.fail(.messageTooBig)]),
        Case("nothing after an error", [.text("a").unmasked(), .text("b")], [.fail(.unmasked)]),
    ]

    @Test(arguments: accepted + refused)
    func `every rule of the protocol is kept`(_ example: Case) {
        #expect(ParsedStream(example.bytes).items == example.expected)
    }

    @Test(arguments: accepted + refused)
    func `a stream means the same in pieces of any length`(_ example: Case) {
        let lengths = example.bytes.count < 1_000 ? Array(1...17) : [1, 511, 512, 4_096]
        for length in lengths {
            #expect(ParsedStream(example.bytes, inPiecesOf: length).items == example.expected, "pieces of \(length)")
        }
    }

    @Test func `a stream means the same wherever it is cut in two or three`() {
        let frames: [ClientFrame] = [
            .text("añ€", isFinal: false), .ping("ping"), .more(Array("😀".utf8)),
            .binary(.init(repeating: 9, count: 130)), .text("end"), .close(4000, Array("é".utf8)),
        ]
        let bytes = frames.bytes
        let expected = ParsedStream(bytes).items
        #expect(expected.count == 5)
        for first in 0...bytes.count {
            #expect(ParsedStream(pieces: [bytes[..<first], bytes[first...]]).items == expected)
            for second in stride(from: first, through: bytes.count, by: 7) {
                #expect(ParsedStream(pieces: [bytes[..<first], bytes[first..<second], bytes[second...]]).items == expected)
            }
        }
    }

    @Test(arguments: [3, 4, 5, 6, 7, 0xB, 0xC, 0xD, 0xE, 0xF] as [UInt8])
    func `a reserved opcode is refused`(_ opcode: UInt8) {
        #expect(ParsedStream(ClientFrame(opcode).bytes).items == [.fail(.reservedOpcode)])
    }

    @Test(arguments: [0, 999, 1004, 1005, 1006, 1012, 1015, 1016, 2999, 5000, 65_535] as [UInt16])
    func `a close code that may not travel is refused`(_ code: UInt16) {
        #expect(ParsedStream(ClientFrame.close(code).bytes).items == [.fail(.closeCode)])
    }

    @Test(arguments: [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999] as [UInt16])
    func `a close code that may travel is accepted`(_ code: UInt16) {
        #expect(ParsedStream(ClientFrame.close(code).bytes).items == [.close(code)])
    }

    @Test func `wrong text is refused before the frame is complete`() {
        let bytes = ClientFrame(0x1, [0x61, 0xC0] + .init(repeating: 0x61, count: 500)).bytes
        #expect(ParsedStream(Array(bytes.prefix(10))).items == [.fail(.invalidText)])
    }

    @Test func `a message too big is refused at its header`() {
        let bytes = ClientFrame.binary(.init(repeating: 0, count: 70_000)).bytes
        let parsed = ParsedStream(Array(bytes.prefix(14)))
        #expect(parsed.items == [.fail(.messageTooBig)])
        #expect(parsed.bytesHeldMax == 0)
    }

    @Test func `more fragments than allowed are refused however empty`() {
        let allowed = [.text("", isFinal: false)] + [ClientFrame](repeating: .more([], isFinal: false), count: 1_022)
        #expect(ParsedStream((allowed + [.more([])]).bytes).items == [.text("")])
        #expect(ParsedStream((allowed + [.more([], isFinal: false), .more([])]).bytes).items == [.fail(.tooManyFragments)])
        #expect(FrameError.tooManyFragments.closeCode == 1008)
    }

    @Test func `the bound counts each message for itself`() {
        let message = ClientFrame.binary(.init(repeating: 1, count: 10))
        let parsed = ParsedStream([message, message, message].bytes, limits: .init(messageBytesMax: 10, fragmentsMax: 1))
        #expect(parsed.items.count == 3)
    }

    @Test func `nothing is held between messages`() {
        let bytes = [.text("hello", isFinal: false), .ping("p"), .more(Array("there".utf8)), .binary([1, 2, 3])].bytes
        for length in 1...bytes.count {
            #expect(ParsedStream(bytes, inPiecesOf: length).bytesHeldAtEnd == 0)
        }
    }
}
