import SeededRandom
import Testing

@testable import Gateway

@Suite struct FrameParserFuzzTests {
    static let limits = FrameParser.Limits(messageBytesMax: 300, fragmentsMax: 8)

    @Test(arguments: 0..<20)
    func `mutated streams never break the parser or its bounds`(_ seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        for _ in 0..<1_000 {
            var bytes = Self.stream(&random)
            for _ in 0..<Int.random(in: 0...4, using: &random) where !bytes.isEmpty {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 1: bytes[index] = .random(in: 0...255, using: &random)
                case 2: bytes.remove(at: index)
                default: bytes.insert(.random(in: 0...255, using: &random), at: index)
                }
            }
            check(bytes, inPiecesOf: .random(in: 1...40, using: &random))
        }
    }

    /// Whatever the bytes are: the same meaning in pieces, bounded messages, bounded memory, nothing after the end.
    private func check(_ bytes: [UInt8], inPiecesOf length: Int) {
        let whole = ParsedStream(bytes, limits: Self.limits)
        let pieces = ParsedStream(bytes, inPiecesOf: length, limits: Self.limits)
        #expect(whole.items == pieces.items)
        #expect(pieces.bytesHeldMax <= Self.limits.messageBytesMax + 125 + FrameHeader.bytesMax)
        for (index, item) in whole.items.enumerated() {
            switch item {
            case .text(let text): #expect(text.utf8.count <= Self.limits.messageBytesMax)
            case .binary(let payload): #expect(payload.count <= Self.limits.messageBytesMax)
            case .ping(let payload): #expect(payload.utf8.count <= 3 * 125)  // each wrong byte may read as a replacement character
            case .pong: break
            case .close, .fail: #expect(index == whole.items.count - 1)
            }
        }
    }

    private static func stream(_ random: inout SplitMix64) -> [UInt8] {
        var frames: [ClientFrame] = []
        var isInside = false
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            let payload = Array("aß€😀".utf8).prefix(Int.random(in: 0...10, using: &random))
            let filler = [UInt8](repeating: 0x20, count: Int.random(in: 0...3, using: &random) * 50)
            let isFinal = Bool.random(using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: frames.append(.ping("p"))
            case 1: frames.append(ClientFrame(0xA, Array(payload)))
            case 2 where Int.random(in: 0..<4, using: &random) == 0: frames.append(.close(.random(in: 990...1020, using: &random)))
            default:
                let opcode: UInt8 = isInside ? 0 : .random(in: 1...2, using: &random)
                frames.append(ClientFrame(opcode, filler + payload, isFinal: isFinal))
                isInside = !isFinal
            }
            frames[frames.count - 1].mask = (0..<4).map { _ in .random(in: 0...255, using: &random) }
        }
        return frames.bytes
    }
}
