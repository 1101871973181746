import SeededRandom
import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(5))) struct DeflateFuzzTests {
    private static let bytesMax = 4_000

    @Test(arguments: 0..<20)
    func `mutated data never break the inflater or its bound`(_ seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let inflater = try #require(Inflater.current)
        let control = try ZlibPeer.message(Array("control".utf8))
        for _ in 0..<250 {
            let payload = try Self.mutated(Self.payload(&random), &random)
            let output = try? payload.withUnsafeBytes { try inflater.inflate($0, bytesMax: Self.bytesMax) }
            #expect((output?.count ?? 0) <= Self.bytesMax)
            // Whatever it was, the next message is read as if it had not been.
            #expect(try control.withUnsafeBytes { try inflater.inflate($0, bytesMax: 7) } == Array("control".utf8))
        }
    }

    @Test(arguments: 0..<10)
    func `every cut of a message is refused or means something within the bound`(_ seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let inflater = try #require(Inflater.current)
        let message = Self.message(&random)
        let payload = try ZlibPeer.message(message)
        for cut in 0..<payload.count {
            let output = try? payload[..<cut].withUnsafeBytes { try inflater.inflate($0, bytesMax: Self.bytesMax) }
            // What came before the cut is right, or the cut was noticed.
            #expect(output.map { message.starts(with: $0.prefix(max(0, $0.count - 300))) } ?? true)
        }
        #expect(try payload.withUnsafeBytes { try inflater.inflate($0, bytesMax: Self.bytesMax) } == message)
    }

    @Test(arguments: 0..<20)
    func `mutated streams of compressed frames mean the same in pieces`(_ seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let limits = FrameParser.Limits(messageBytesMax: 2_000, fragmentsMax: 8)
        for _ in 0..<80 {
            let bytes = try Self.mutated(Self.stream(&random), &random)
            let whole = ParsedStream(bytes, limits: limits, deflates: true)
            let pieces = ParsedStream(bytes, inPiecesOf: .random(in: 1...60, using: &random), limits: limits, deflates: true)
            #expect(whole.items == pieces.items)
            #expect(pieces.bytesHeldMax <= limits.messageBytesMax + 125 + FrameHeader.bytesMax)
            for item in whole.items {
                switch item {
                case .text(let text): #expect(text.utf8.count <= limits.messageBytesMax)
                case .binary(let payload): #expect(payload.count <= limits.messageBytesMax)
                case .ping, .pong, .close, .fail: break
                }
            }
        }
    }

    @Test(arguments: 0..<20)
    func `whatever is sent is read back`(_ seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        for _ in 0..<100 {
            let message = Self.message(&random)
            var deflate = MessageDeflate()
            deflate.windowBits = .random(in: 9...15, using: &random)
            var bytes = Array(FrameWriter.frame(binary: message, deflate: deflate).readableBytesView)[...]
            let frame = try #require(ServerFrame.take(from: &bytes))
            #expect(
                frame.isDeflated ? try ZlibPeer.read(frame.payload, windowBits: deflate.windowBits) == message : frame.payload == message)
        }
    }

    @Test(arguments: 0..<20)
    func `mutated extension headers are read or refused`(_ seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let header = "permessage-deflate; server_max_window_bits=10; client_max_window_bits, other; a=\"b\\c\""
        for _ in 0..<2_000 {
            let bytes = Self.mutated(Array(header.utf8), &random)
            let offers = (try? ExtensionOffer.read([String(decoding: bytes, as: UTF8.self)])) ?? []
            let agreed = MessageDeflate.negotiate(offers)
            #expect(agreed.map { (9...15).contains($0.windowBits) } ?? true)
        }
    }

    private static func message(_ random: inout SplitMix64) -> [UInt8] {
        let alphabet = UInt8.random(in: 0...255, using: &random)
        let count = Int.random(in: 0...3_000, using: &random)
        return (0..<count).map { _ in 0x20 &+ UInt8.random(in: 0...alphabet, using: &random) & 0x5F }
    }

    private static func payload(_ random: inout SplitMix64) throws -> [UInt8] {
        try ZlibPeer.message(
            message(&random), level: .random(in: 0...9, using: &random), windowBits: .random(in: 9...15, using: &random))
    }

    private static func mutated(_ bytes: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 0...4, using: &random) where !bytes.isEmpty {
            let index = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes[index] = .random(in: 0...255, using: &random)
            case 2: bytes.remove(at: index)
            case 3: bytes.removeSubrange(index...)
            default: bytes.insert(.random(in: 0...255, using: &random), at: index)
            }
        }
        return bytes
    }

    private static func stream(_ random: inout SplitMix64) throws -> [UInt8] {
        var frames: [ClientFrame] = []
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let payload = try payload(&random)
            let cut = Int.random(in: 0...payload.count, using: &random)
            let opcode = UInt8.random(in: 1...2, using: &random)
            if Bool.random(using: &random) {
                frames.append(ClientFrame(opcode, payload).deflated())
            } else {
                frames.append(ClientFrame(opcode, Array(payload[..<cut]), isFinal: false).deflated())
                frames.append(.more(Array(payload[cut...])))
            }
        }
        return frames.bytes
    }
}
