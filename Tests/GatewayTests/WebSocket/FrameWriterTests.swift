import NIOCore
import Testing

@testable import Gateway

@Suite struct FrameWriterTests {
    @Test(arguments: [0, 1, 125, 126, 65_535, 65_536, 100_000])
    func `a frame reads back as it was written`(_ count: Int) {
        let payload = [UInt8](repeating: 0x61, count: count)
        var bytes = FrameWriter.frame(text: payload).readableBytesView.map { $0 }[...]
        #expect(ServerFrame.take(from: &bytes) == ServerFrame(opcode: 1, payload: payload))
        #expect(bytes.isEmpty)
    }

    @Test func `a length takes as few bytes as possible`() {
        #expect(FrameWriter.frame(binary: .init(repeating: 0, count: 125)).readableBytes == 2 + 125)
        #expect(FrameWriter.frame(binary: .init(repeating: 0, count: 126)).readableBytes == 4 + 126)
        #expect(FrameWriter.frame(binary: .init(repeating: 0, count: 65_536)).readableBytes == 10 + 65_536)
    }

    @Test func `a long reason is cut at the end of a character`() {
        let frame = FrameWriter.close(code: 1000, reason: .init(repeating: "é", count: 100))
        #expect(frame.readableBytes == 2 + 2 + 122)
    }

    @Test func `a close without a code has no payload`() {
        #expect(Array(FrameWriter.close(code: nil).readableBytesView) == [0x88, 0])
    }
}

@Suite struct MaskingTests {
    @Test func `masking in pieces of any length equals masking byte by byte`() {
        let key: [UInt8] = [1, 2, 4, 8]
        let mask = key.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
        let plain = (0..<67).map { UInt8($0) }
        let expected = plain.enumerated().map { $1 ^ key[$0 % 4] }
        for cut in 0...plain.count {
            var bytes = plain
            bytes.withUnsafeMutableBytes { buffer in
                Masking.apply(mask, to: UnsafeMutableRawBufferPointer(rebasing: buffer[..<cut]), offset: 0)
                Masking.apply(mask, to: UnsafeMutableRawBufferPointer(rebasing: buffer[cut...]), offset: cut)
            }
            #expect(bytes == expected)
        }
    }
}

@Suite struct UTF8ValidatorTests {
    private func isValid(_ bytes: [UInt8], cutAt cut: Int) -> Bool {
        var validator = UTF8Validator()
        let first = Array(bytes[..<cut]).withUnsafeBytes { validator.accept($0) }
        return first && Array(bytes[cut...]).withUnsafeBytes { validator.accept($0) } && validator.isAtBoundary
    }

    @Test func `every pair and triple around the edges is judged as the standard library does`() {
        let edges: [UInt8] = [
            0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3,
            0xF4, 0xF5, 0xFF,
        ]
        for first in edges {
            for second in edges {
                for third in edges {
                    for bytes in [[first, second], [first, second, third], [first, second, third, 0x80], [first, second, third, 0xBF]] {
                        let expected = String(validating: bytes, as: UTF8.self) != nil
                        #expect((0...bytes.count).allSatisfy { isValid(bytes, cutAt: $0) == expected }, "\(bytes)")
                    }
                }
            }
        }
    }

    @Test func `long text with a wrong byte anywhere is refused`() {
        let text = Array("The quick brown fox jumps over the lazy dog".utf8)
        #expect(isValid(text, cutAt: 9))
        for index in text.indices {
            var wrong = text
            wrong[index] = 0xFF
            #expect(!isValid(wrong, cutAt: 9))
        }
    }
}
