import Testing

@testable import Gateway

@Suite struct DeflateParsingTests {
    private static let hello: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]

    private static func items(_ frames: ClientFrame..., limits: FrameParser.Limits = ParsedStream.limits) -> [ParsedStream.Item] {
        let whole = ParsedStream(frames.bytes, limits: limits, deflates: true)
        for length in [1, 2, 3, 7] {
            #expect(ParsedStream(frames.bytes, inPiecesOf: length, limits: limits, deflates: true).items == whole.items)
        }
        #expect(whole.bytesHeldAtEnd == 0 || !whole.items.isEmpty)
        return whole.items
    }

    @Test func `compressed and plain messages may alternate`() {
        let items = Self.items(
            ClientFrame(1, Self.hello).deflated(), .text("plain"), ClientFrame(2, Self.hello).deflated(), .binary([1]))
        #expect(items == [.text("Hello"), .text("plain"), .binary(Array("Hello".utf8)), .binary([1])])
    }

    @Test func `a compressed message may come in fragments, with a ping between`() {
        let items = Self.items(
            ClientFrame(1, Array(Self.hello[..<3]), isFinal: false).deflated(), .ping("p"), .more(Array(Self.hello[3...]), isFinal: false),
            .more([]))
        #expect(items == [.ping("p"), .text("Hello")])
    }

    @Test func `only the first frame of a message says that it is compressed`() {
        #expect(
            Self.items(ClientFrame(1, Self.hello, isFinal: false).deflated(), .more([]).deflated()) == [.fail(.reservedBits)])
        #expect(Self.items(.ping("p").deflated()) == [.fail(.reservedBits)])
        #expect(Self.items(.close(1000).deflated()) == [.fail(.reservedBits)])
    }

    @Test(arguments: [0xA1, 0x91, 0xE1, 0xD1] as [UInt8])
    func `the other reserved bits stay reserved`(_ first: UInt8) {
        #expect(Self.items(.text("a").firstByte(first)) == [.fail(.reservedBits)])
    }

    @Test func `what is inflated has to be text`() throws {
        let wrong = try ZlibPeer.message([0x61, 0xFF])
        #expect(Self.items(ClientFrame(1, wrong).deflated()) == [.fail(.invalidText)])
        #expect(Self.items(ClientFrame(2, wrong).deflated()) == [.binary([0x61, 0xFF])])
        #expect(Self.items(ClientFrame(1, try ZlibPeer.message([0xE2, 0x82])).deflated()) == [.fail(.invalidText)])
    }

    @Test func `data that are wrong end the connection`() {
        #expect(Self.items(ClientFrame(1, [0x06]).deflated(), .text("late")) == [.fail(.invalidDeflate)])
    }

    @Test func `the bound counts what was inflated`() throws {
        let limits = FrameParser.Limits(messageBytesMax: 1_000, fragmentsMax: 10)
        let fits = try ZlibPeer.message(.init(repeating: 0x61, count: 1_000))
        let bomb = try ZlibPeer.message(.init(repeating: 0x61, count: 1_001))
        #expect(Self.items(ClientFrame(1, fits).deflated(), limits: limits) == [.text(.init(repeating: "a", count: 1_000))])
        #expect(Self.items(ClientFrame(1, bomb).deflated(), limits: limits) == [.fail(.messageTooBig)])
    }

    @Test func `the bound counts what came compressed, too`() {
        let limits = FrameParser.Limits(messageBytesMax: 1_000, fragmentsMax: 10)
        #expect(Self.items(ClientFrame(1, .init(repeating: 0, count: 1_001)).deflated(), limits: limits) == [.fail(.messageTooBig)])
    }
}
