/// JSON text appended to bytes: the one place that knows how a string, a number and a member are spelled.
extension [UInt8] {
    /// A string in quotes, escaped where RFC 8259 demands it (`"`, `\`, control characters) and nowhere else.
    mutating func appendJSON(_ string: String) {
        append(UInt8(ascii: "\""))
        if string.utf8.withContiguousStorageIfAvailable({ appendEscaped($0) }) == nil {
            var string = string
            string.withUTF8 { appendEscaped($0) }
        }
        append(UInt8(ascii: "\""))
    }

    private mutating func appendEscaped(_ text: UnsafeBufferPointer<UInt8>) {
        var pending = 0
        for index in text.indices {
            let byte = text[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            append(contentsOf: UnsafeBufferPointer(rebasing: text[pending..<index]))
            appendEscape(byte)
            pending = index + 1
        }
        append(contentsOf: UnsafeBufferPointer(rebasing: text[pending...]))
    }

    private mutating func appendEscape(_ byte: UInt8) {
        append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
        case UInt8(ascii: "\n"): append(UInt8(ascii: "n"))
        case UInt8(ascii: "\r"): append(UInt8(ascii: "r"))
        case UInt8(ascii: "\t"): append(UInt8(ascii: "t"))
        default:
            append(contentsOf: "u00".utf8)
            append(UInt8(ascii: "0") + byte >> 4)
            append(byte & 15 < 10 ? UInt8(ascii: "0") + byte & 15 : UInt8(ascii: "a") + byte & 15 - 10)
        }
    }

    mutating func appendJSON(_ integer: some FixedWidthInteger) {
        var magnitude = UInt64(integer.magnitude)
        // 2^64 has twenty digits.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var first = digits.count
            repeat {
                first -= 1
                digits[first] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude % 10)
                magnitude /= 10
            } while magnitude > 0
            if integer < 0 { append(UInt8(ascii: "-")) }
            append(contentsOf: UnsafeBufferPointer(rebasing: digits[first...]))
        }
    }

    /// A floating point number in the shortest form that reads back as the same number.
    mutating func appendJSON(_ number: some BinaryFloatingPoint & LosslessStringConvertible) throws {
        guard number.isFinite else { throw EncodingError.notFinite(number) }
        append(contentsOf: number.description.utf8)
        // Whole numbers are written as such.
        if count >= 2, self[count - 1] == UInt8(ascii: "0"), self[count - 2] == UInt8(ascii: ".") { removeLast(2) }
    }

    mutating func appendJSON(_ bool: Bool) {
        append(contentsOf: bool ? "true".utf8 : "false".utf8)
    }

    /// A member's name and the colon.
    mutating func appendJSONName(_ name: String) {
        appendJSON(name)
        append(UInt8(ascii: ":"))
    }
}
