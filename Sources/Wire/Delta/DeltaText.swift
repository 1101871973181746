/// The spelling of numbers and pieces in a Fossil delta.
private let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~".utf8)

extension [UInt8] {
    /// A number in base 64, the most significant digit first.
    mutating func appendDeltaNumber(_ number: UInt32) {
        var shift = 30
        while shift > 0, number >> UInt32(shift) == 0 { shift -= 6 }
        while shift >= 0 {
            append(digits[Int(number >> UInt32(shift) & 63)])
            shift -= 6
        }
    }

    /// A piece of new text, unless there is none.
    mutating func appendNew(_ text: ArraySlice<UInt8>) {
        guard !text.isEmpty else { return }
        appendDeltaNumber(UInt32(truncatingIfNeeded: text.count))
        append(UInt8(ascii: ":"))
        append(contentsOf: text)
    }

    /// A piece of the base.
    mutating func appendCopy(_ length: Int, from offset: Int) {
        appendDeltaNumber(UInt32(truncatingIfNeeded: length))
        append(UInt8(ascii: "@"))
        appendDeltaNumber(UInt32(truncatingIfNeeded: offset))
        append(UInt8(ascii: ","))
    }
}

/// Walks over a delta.
struct DeltaReader {
    private let delta: [UInt8]
    private var position = 0

    init(_ delta: [UInt8]) {
        self.delta = delta
    }

    var isAtEnd: Bool { position == delta.count }

    /// The next byte, taken; zero, which stands nowhere between pieces, at the end.
    mutating func next() -> UInt8 {
        guard position < delta.count else { return 0 }
        defer { position += 1 }
        return delta[position]
    }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < delta.count, delta[position] == UInt8(truncatingIfNeeded: character.value) else { return false }
        position += 1
        return true
    }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= delta.count - position else { return nil }
        defer { position += count }
        return delta[position..<position + count]
    }

    /// One or more digits, no more than fit.
    mutating func number() throws(DeltaError) -> UInt32 {
        var number: UInt64 = 0
        let start = position
        while position < delta.count, let digit = Self.value(of: delta[position]) {
            number = number << 6 | UInt64(digit)
            guard number <= UInt64(UInt32.max) else { throw .malformed }
            position += 1
        }
        guard position > start else { throw .malformed }
        return UInt32(number)
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A") + 10
        case UInt8(ascii: "_"): 36
        case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 37
        case UInt8(ascii: "~"): 63
        default: nil
        }
    }
}
