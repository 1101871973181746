import Foundation

/// A value of JSON text that the scanner has accepted, read on demand and copied only then.
struct JSONElement {
    private let bytes: [UInt8]
    private let range: Range<Int>

    /// The members that an object of the protocol may have, the ignored ones included: far more than any has, and few enough that looking
    /// for one in a list is fast.
    static let membersMax = 64

    /// The entries that a map of a client's choosing (channels, headers) may have.
    static let entriesMax = 1024

    /// Checks the whole text: one value with nothing but space around it.
    init(parsing bytes: [UInt8], _ range: Range<Int>, depthMax: Int = JSONScanner.depthMax) throws(FrameError) {
        var scanner = JSONScanner(bytes, range, depthMax: depthMax)
        let value = try scanner.value()
        guard scanner.isAtEnd else { throw .malformed }
        self.init(bytes, value)
    }

    fileprivate init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        self.range = range
    }

    var isNull: Bool { bytes[range.lowerBound] == UInt8(ascii: "n") }

    /// The text itself. Line breaks can only stand between tokens here; they go, because the text must fit into one line.
    var raw: RawJSON {
        let text = bytes[range]
        guard text.contains(where: Self.isLineBreak) else { return RawJSON(bytes: Array(text)) }
        return RawJSON(bytes: text.filter { !Self.isLineBreak($0) })
    }

    private static func isLineBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

    func bool() throws(FrameError) -> Bool {
        switch bytes[range.lowerBound] {
        case UInt8(ascii: "t"): true
        case UInt8(ascii: "f"): false
        default: throw .malformed
        }
    }

    /// Plain digits; the protocol has neither fractions nor exponents.
    func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) throws(FrameError) -> Value {
        let isNegative = bytes[range.lowerBound] == UInt8(ascii: "-")
        var value: Value = 0
        for byte in bytes[range].dropFirst(isNegative ? 1 : 0) {
            guard case UInt8(ascii: "0")...UInt8(ascii: "9") = byte else { throw .malformed }
            let (scaled, overflowed) = value.multipliedReportingOverflow(by: 10)
            let digit = Value(byte - UInt8(ascii: "0"))
            let (sum, carried) = isNegative ? scaled.subtractingReportingOverflow(digit) : scaled.addingReportingOverflow(digit)
            guard !overflowed, !carried else { throw .malformed }
            value = sum
        }
        return value
    }

    func string() throws(FrameError) -> String {
        guard bytes[range.lowerBound] == UInt8(ascii: "\"") else { throw .malformed }
        return try Self.string(bytes, range.lowerBound + 1..<range.upperBound - 1)
    }

    /// The members by name.
    func object() throws(FrameError) -> JSONObject {
        var members: [JSONObject.Member] = []
        var scanner = JSONScanner(inside: bytes, range)
        try scanner.object { name, value throws(FrameError) in
            // Nobody escapes a member's name; two spellings of one name could make two readers see two messages.
            guard members.count < Self.membersMax, !bytes[name].contains(UInt8(ascii: "\\")) else { throw .malformed }
            guard !members.contains(where: { bytes[$0.name] == bytes[name] }) else { throw .malformed }
            members.append(JSONObject.Member(name: name, value: JSONElement(bytes, value)))
        }
        return JSONObject(bytes: bytes, members: members)
    }

    /// The members of an object whose names are data.
    func dictionary<Value: JSONReadable>(of type: Value.Type = Value.self) throws(FrameError) -> [String: Value] {
        var entries: [String: Value] = [:]
        var scanner = JSONScanner(inside: bytes, range)
        try scanner.object { name, value throws(FrameError) in
            let key = try Self.string(bytes, name)
            guard entries.count < Self.entriesMax, entries[key] == nil else { throw .malformed }
            entries[key] = try Value(JSONElement(bytes, value))
        }
        return entries
    }

    func array<Value: JSONReadable>(of type: Value.Type = Value.self) throws(FrameError) -> [Value] {
        var elements: [Value] = []
        var scanner = JSONScanner(inside: bytes, range)
        try scanner.array { value throws(FrameError) in elements.append(try Value(JSONElement(bytes, value))) }
        return elements
    }

    /// A string from what stands between its quotes.
    private static func string(_ bytes: [UInt8], _ range: Range<Int>) throws(FrameError) -> String {
        guard bytes[range].contains(UInt8(ascii: "\\")) else { return String(decoding: bytes[range], as: UTF8.self) }
        // Escapes are rare where the protocol has strings; payloads are not read.
        guard let string = try? JSONDecoder().decode(String.self, from: Data(bytes[range.lowerBound - 1..<range.upperBound + 1])) else {
            throw .malformed
        }
        return string
    }
}

/// An object of the protocol: known names, each at most once. Absent members and `null` read as zero values, unknown ones are ignored.
struct JSONObject {
    fileprivate let bytes: [UInt8]
    fileprivate let members: [Member]

    fileprivate struct Member {
        let name: Range<Int>
        let value: JSONElement
    }

    /// How many members there are, known or not.
    var count: Int { members.count }

    /// The value as it stands, a `null` too.
    subscript(name: StaticString) -> JSONElement? {
        members.first { name.matches(bytes[$0.name]) }?.value
    }

    func value(_ name: StaticString) -> JSONElement? {
        guard let value = self[name], !value.isNull else { return nil }
        return value
    }

    func string(_ name: StaticString) throws(FrameError) -> String { try value(name)?.string() ?? "" }
    func bool(_ name: StaticString) throws(FrameError) -> Bool { try value(name)?.bool() ?? false }
    func raw(_ name: StaticString) -> RawJSON? { self[name]?.raw }

    func integer<Value: FixedWidthInteger>(_ name: StaticString, _ type: Value.Type = Value.self) throws(FrameError) -> Value {
        try value(name)?.integer() ?? 0
    }

    func read<Value: JSONReadable>(_ name: StaticString, _ type: Value.Type = Value.self) throws(FrameError) -> Value? {
        guard let value = value(name) else { return nil }
        return try Value(value)
    }

    /// The one alternative among the members; nil when there is none.
    func alternative<Value: JSONAlternative>(of type: Value.Type = Value.self) throws(FrameError) -> Value? {
        var found: Value?
        for member in members {
            guard let value = try Value(String(decoding: bytes[member.name], as: UTF8.self), member.value) else { continue }
            guard found == nil else { throw .severalCommands }
            found = value
        }
        return found
    }

    func dictionary<Value: JSONReadable>(_ name: StaticString, of type: Value.Type = Value.self) throws(FrameError) -> [String: Value] {
        try value(name)?.dictionary() ?? [:]
    }

    func array<Value: JSONReadable>(_ name: StaticString, of type: Value.Type = Value.self) throws(FrameError) -> [Value] {
        try value(name)?.array() ?? []
    }
}
