import Foundation

/// Random bytes for the transactions of one writer, drawn in blocks: asking the system for every identifier would be a system call each.
/// A byte is handed out once and wiped.
final class Randomness {
    private static let blockBytes = 4_096

    private let source: (Int) -> [UInt8]
    private var block: [UInt8] = []
    private var used = 0

    init(source: @escaping (_ count: Int) -> [UInt8]) {
        self.source = source
    }

    func bytes(_ count: Int) -> [UInt8] {
        guard count <= Self.blockBytes else { return source(count) }
        if block.count - used < count {
            block = source(Self.blockBytes)
            used = 0
        }
        let drawn = Array(block[used..<used + count])
        for index in used..<used + count { block[index] = 0 }
        used += count
        return drawn
    }

    /// From the operating system's generator.
    @Sendable
    static func systemBytes(_ count: Int) -> [UInt8] {
        // The system gives this much at a time; the standard library's generator would ask it again for every eight bytes.
        let requestBytesMax = 256
        var bytes = [UInt8](repeating: 0, count: count)
        bytes.withUnsafeMutableBytes { buffer in
            for start in stride(from: 0, to: count, by: requestBytesMax) {
                let part = UnsafeMutableRawBufferPointer(rebasing: buffer[start..<min(start + requestBytesMax, count)])
                precondition(getentropy(part.baseAddress, part.count) == 0, "the system has no randomness")
            }
        }
        return bytes
    }
}
