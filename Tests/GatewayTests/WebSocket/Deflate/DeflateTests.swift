import NIOCore
import SeededRandom
import Testing

@testable import Gateway

@Suite struct DeflateTests {
    private static func inflate(_ payload: [UInt8], bytesMax: Int = 1 << 20) throws -> [UInt8] {
        let inflater = try #require(Inflater.current)
        return try payload.withUnsafeBytes { try inflater.inflate($0, bytesMax: bytesMax) }
    }

    private static func frame(_ text: [UInt8], windowBits: Int32 = 15) -> ServerFrame? {
        var deflate = MessageDeflate()
        deflate.windowBits = windowBits
        var bytes = Array(FrameWriter.frame(text: text, deflate: deflate).readableBytesView)[...]
        let frame = ServerFrame.take(from: &bytes)
        return bytes.isEmpty ? frame : nil
    }

    private static func text(_ count: Int, seed: UInt64 = 7) -> [UInt8] {
        var random = SplitMix64(seed: seed)
        let words = ["court ", "slot ", "12:00 ", "free ", "taken ", "{\"id\":", "}, "].map { Array($0.utf8) }
        var text: [UInt8] = []
        while text.count < count { text += words[Int.random(in: 0..<words.count, using: &random)] }
        return Array(text.prefix(count))
    }

    @Test(
        arguments: [
            ([0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], "Hello"),
            ([0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00], "Hello"),
            ([0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00], "Hello"),
            ([0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00], "Hello"),
            ([0x00], ""),
        ] as [([UInt8], String)])
    func `the examples of the RFC are read`(_ payload: [UInt8], _ text: String) throws {
        #expect(try Self.inflate(payload) == Array(text.utf8))
    }

    @Test(
        arguments: [
            [0xF2, 0x00, 0x11, 0x00, 0x00],  // looks back into a message before it
            [0xF2, 0x48, 0xCD],  // cut off
            [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00],  // behind its last block a message has one more byte
            [0x06],  // a kind of block that there is not
            [0x00, 0x05, 0x00, 0xFA, 0xFE, 0x48],  // a length and its complement that differ
            [0xFF, 0xFF, 0xFF],
            [],  // even an empty message is one byte
        ] as [[UInt8]])
    func `data that are wrong are refused`(_ payload: [UInt8]) {
        #expect(throws: FrameError.invalidDeflate) { try Self.inflate(payload) }
    }

    @Test func `a failure leaves nothing behind for the next message`() throws {
        #expect(throws: FrameError.self) { try Self.inflate([0xF2, 0x48, 0xCD]) }
        #expect(throws: FrameError.self) { try Self.inflate(ZlibPeer.message(.init(repeating: 0, count: 100_000)), bytesMax: 10) }
        #expect(try Self.inflate([0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]) == Array("Hello".utf8))
    }

    @Test(arguments: [16_383, 16_384, 16_385, 32_768, 65_536, 1 << 20])
    func `messages around the size of a chunk are read whole, and one byte less is too little room`(_ count: Int) throws {
        for message in [Self.text(count), [UInt8](repeating: 0x61, count: count)] {
            for level in [0, 1, 9] as [Int32] {
                let payload = try ZlibPeer.message(message, level: level)
                #expect(try Self.inflate(payload, bytesMax: count) == message)
                #expect(throws: FrameError.messageTooBig) { try Self.inflate(payload, bytesMax: count - 1) }
            }
        }
    }

    @Test func `a bomb of a gigabyte is given up at the bound`() throws {
        // Ten megabytes of zeros are ten kilobytes; repeated without their ends they are as many blocks of one message.
        let block = try ZlibPeer.deflate(.init(repeating: 0, count: 10 << 20), level: 9)
        let bomb = Array(repeatElement(block, count: 100).joined())
        #expect(throws: FrameError.messageTooBig) { try Self.inflate(bomb, bytesMax: 65_536) }
    }

    @Test(arguments: 9...15)
    func `a client with a small window reads what was made for it`(_ bits: Int) throws {
        for count in [200, 1_000, 70_000] {
            let text = Self.text(count)
            let frame = try #require(Self.frame(text, windowBits: Int32(bits)))
            #expect(frame.isDeflated && frame.opcode == 1 && frame.payload.count < count)
            #expect(try ZlibPeer.read(frame.payload, windowBits: Int32(bits)) == text)
        }
    }

    @Test func `every message is compressed for itself`() throws {
        let text = Self.text(1_000)
        #expect(Self.frame(text) == Self.frame(text))
    }

    @Test func `a small message goes plain`() {
        let text = [UInt8](repeating: 0x61, count: MessageDeflate.bytesMin - 1)
        #expect(Self.frame(text) == ServerFrame(opcode: 1, payload: text))
        #expect(Self.frame(text + [0x61])?.isDeflated == true)
    }

    @Test(arguments: [128, 5_000, 100_000])
    func `a message that would not shrink goes plain`(_ count: Int) {
        var random = SplitMix64(seed: 1)
        let noise = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        #expect(Self.frame(noise) == ServerFrame(opcode: 1, payload: noise))
    }

    @Test func `a compressed frame keeps little more memory than it has bytes`() {
        let frame = FrameWriter.frame(text: .init(repeating: 0x61, count: 60_000), deflate: MessageDeflate())
        #expect(frame.readableBytes < 200)
        let text = FrameWriter.frame(text: Self.text(60_000), deflate: MessageDeflate())
        #expect(text.capacity <= max(4 * text.readableBytes, 32_768))
    }
}
