/// Walks over JSON text, strictly by RFC 8259, and answers where values begin and end.
///
/// Payloads are embedded verbatim into what others receive, so every byte of them is checked here: a decoder that skips what it is not
/// asked for (Foundation's does) would let a client send text that breaks the clients of everybody else in the channel. Stricter than
/// the grammar in one point: half a surrogate pair is refused, because decoders disagree on it.
///
/// The bytes must be valid UTF-8.
struct JSONScanner {
    private let bytes: [UInt8]
    private(set) var position: Int
    private let end: Int
    private let depthMax: Int
    private var depth = 0

    /// How deep objects and arrays of a client's message may nest; the walk recurses.
    static let depthMax = 64

    /// A server wraps a payload in more levels than the client did who sent it.
    static let serverDepthMax = 80

    init(_ bytes: [UInt8], _ range: Range<Int>, depthMax: Int = Self.depthMax) {
        self.bytes = bytes
        self.depthMax = depthMax
        position = range.lowerBound
        end = range.upperBound
    }

    /// For a part of text that was accepted already, however deep.
    init(inside bytes: [UInt8], _ range: Range<Int>) {
        self.init(bytes, range, depthMax: Self.serverDepthMax)
    }

    var isAtEnd: Bool { position == end }

    /// The next byte, without taking it; zero, which no token begins with, at the end.
    var next: UInt8 { position < end ? bytes[position] : 0 }

    mutating func skipSpace() {
        while position < end, case let byte = bytes[position], byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
            position += 1
        }
    }

    /// Takes the byte if it is the next one.
    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(truncatingIfNeeded: character.value), position < end else { return false }
        position += 1
        return true
    }

    /// Takes one value with the space around it and answers where it stands, without the space.
    mutating func value() throws(FrameError) -> Range<Int> {
        skipSpace()
        let start = position
        switch next {
        case UInt8(ascii: "{"): try object { _, _ throws(FrameError) in }
        case UInt8(ascii: "["): try array { _ throws(FrameError) in }
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "t"): try literal("true")
        case UInt8(ascii: "f"): try literal("false")
        case UInt8(ascii: "n"): try literal("null")
        default: try number()
        }
        let range = start..<position
        skipSpace()
        return range
    }

    /// Takes an object and hands out the places of its members: the name without its quotes, and the value.
    mutating func object(_ member: (_ name: Range<Int>, _ value: Range<Int>) throws(FrameError) -> Void) throws(FrameError) {
        try enter("{")
        defer { depth -= 1 }
        guard !skip("}") else { return }
        repeat {
            skipSpace()
            let name = try string()
            skipSpace()
            guard skip(":") else { throw .malformed }
            try member(name, try value())
        } while skip(",")
        guard skip("}") else { throw .malformed }
    }

    /// Takes an array and hands out the places of its elements.
    mutating func array(_ element: (Range<Int>) throws(FrameError) -> Void) throws(FrameError) {
        try enter("[")
        defer { depth -= 1 }
        guard !skip("]") else { return }
        repeat { try element(try value()) } while skip(",")
        guard skip("]") else { throw .malformed }
    }

    private mutating func enter(_ opener: Unicode.Scalar) throws(FrameError) {
        guard skip(opener) else { throw .malformed }
        guard depth < depthMax else { throw .tooDeep }
        depth += 1
        skipSpace()
    }

    /// Takes a string and answers where it stands, without its quotes.
    private mutating func string() throws(FrameError) -> Range<Int> {
        guard skip("\"") else { throw .malformed }
        let start = position
        while position < end {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return start..<position - 1
            case UInt8(ascii: "\\"):
                position += 1
                try escape()
            case 0..<0x20:
                throw .malformed
            default:
                position += 1
            }
        }
        throw .malformed
    }

    private mutating func escape() throws(FrameError) {
        let character = next
        position += 1
        switch character {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            break
        case UInt8(ascii: "u"):
            switch try codeUnit() {
            case 0xD800...0xDBFF:
                guard skip("\\"), skip("u"), (0xDC00...0xDFFF).contains(try codeUnit()) else { throw .malformed }
            case 0xDC00...0xDFFF:
                throw .malformed
            default:
                break
            }
        default:
            throw .malformed
        }
    }

    private mutating func codeUnit() throws(FrameError) -> Int {
        var unit = 0
        for _ in 0..<4 {
            let digit =
                switch next {
                case UInt8(ascii: "0")...UInt8(ascii: "9"): next - UInt8(ascii: "0")
                case UInt8(ascii: "a")...UInt8(ascii: "f"): next - UInt8(ascii: "a") + 10
                case UInt8(ascii: "A")...UInt8(ascii: "F"): next - UInt8(ascii: "A") + 10
                default: throw FrameError.malformed
                }
            unit = unit << 4 | Int(digit)
            position += 1
        }
        return unit
    }

    private mutating func number() throws(FrameError) {
        _ = skip("-")
        if !skip("0") { try digits() }
        if skip(".") { try digits() }
        if skip("e") || skip("E") {
            if !skip("+") { _ = skip("-") }
            try digits()
        }
    }

    /// Takes one or more digits.
    private mutating func digits() throws(FrameError) {
        let start = position
        while case UInt8(ascii: "0")...UInt8(ascii: "9") = next { position += 1 }
        guard position > start else { throw .malformed }
    }

    private mutating func literal(_ text: StaticString) throws(FrameError) {
        let length = text.utf8CodeUnitCount
        guard end - position >= length, text.matches(bytes[position..<position + length]) else { throw .malformed }
        position += length
    }
}

extension StaticString {
    /// Whether the bytes are this text.
    func matches(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.count == utf8CodeUnitCount && withUTF8Buffer { $0.elementsEqual(bytes) }
    }
}
