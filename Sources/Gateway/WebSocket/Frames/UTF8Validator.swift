/// Checks text that arrives in pieces, without keeping any of it (Unicode 15, table 3-7: no overlong forms, no surrogates).
///
/// A message is refused at its first wrong byte, however many bytes are still to come.
struct UTF8Validator {
    private var bytesNeeded: UInt8 = 0
    private var lowest: UInt8 = 0x80
    private var highest: UInt8 = 0xBF

    /// Whether the text so far ends at the end of a character.
    var isAtBoundary: Bool { bytesNeeded == 0 }

    /// Reads the next piece. False when no continuation could make the text valid.
    mutating func accept(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        while index < bytes.count {
            if bytesNeeded == 0 {
                index = Self.skipASCII(bytes, from: index)
                guard index < bytes.count else { return true }
                guard begin(bytes[index]) else { return false }
            } else {
                guard lowest <= bytes[index], bytes[index] <= highest else { return false }
                bytesNeeded -= 1
                (lowest, highest) = (0x80, 0xBF)
            }
            index += 1
        }
        return true
    }

    /// Takes a leading byte: how many follow, and what the first of them may be.
    private mutating func begin(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x00...0x7F: break
        case 0xC2...0xDF: bytesNeeded = 1
        case 0xE0: (bytesNeeded, lowest) = (2, 0xA0)
        case 0xED: (bytesNeeded, highest) = (2, 0x9F)
        case 0xE1...0xEF: bytesNeeded = 2
        case 0xF0: (bytesNeeded, lowest) = (3, 0x90)
        case 0xF1...0xF3: bytesNeeded = 3
        case 0xF4: (bytesNeeded, highest) = (3, 0x8F)
        default: return false
        }
        return true
    }

    private static func skipASCII(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while index + 8 <= bytes.count, bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0 {
            index += 8
        }
        while index < bytes.count, bytes[index] < 0x80 {
            index += 1
        }
        return index
    }
}
