import SeededRandom

/// A tree of random values that encodes itself through every kind of container.
indirect enum RandomJSON: Encodable {
    case null
    case bool(Bool)
    case integer(Int64)
    case unsigned(UInt64)
    case number(Double)
    case single(Float)
    case string(String)
    case array([RandomJSON])
    case object([(String, RandomJSON)])
    /// Members written through nested containers and a super encoder.
    case nested(name: String, RandomJSON, RandomJSON)
    case nothing

    init(using generator: inout SplitMix64, depth: Int = 0) {
        switch Int.random(in: depth > 4 ? 0...6 : 0...10, using: &generator) {
        case 0: self = .null
        case 1: self = .bool(.random(using: &generator))
        case 2: self = .integer(Int64(truncatingIfNeeded: generator.next()) >> Int.random(in: 0...63, using: &generator))
        case 3: self = .unsigned(generator.next() >> Int.random(in: 0...63, using: &generator))
        case 4:
            let number = Double(bitPattern: generator.next())
            self = .number(number.isFinite ? number : 0.1)
        case 5: self = .single(Float.random(in: -1e6...1e6, using: &generator))
        case 6: self = .string(Self.string(using: &generator))
        case 7:
            self = .array((0..<Int.random(in: 0...4, using: &generator)).map { _ in RandomJSON(using: &generator, depth: depth + 1) })
        case 8:
            // The index keeps names apart, as names in an object must be.
            self = .object(
                (0..<Int.random(in: 0...4, using: &generator)).map { index in
                    (Self.string(using: &generator) + "\(index)", RandomJSON(using: &generator, depth: depth + 1))
                }
            )
        case 9:
            self = .nested(
                name: Self.string(using: &generator),
                RandomJSON(using: &generator, depth: depth + 1),
                RandomJSON(using: &generator, depth: depth + 1)
            )
        default: self = .nothing
        }
    }

    static func string(using generator: inout SplitMix64) -> String {
        let alphabet: [Character] = [
            "a", "Z", "\"", "\\", "/", "\n", "\r", "\t", "\u{0}", "\u{1F}", "\u{7F}", "é", "\u{2028}", "語", "🥊", " ",
        ]
        return String((0..<Int.random(in: 0...12, using: &generator)).map { _ in alphabet.randomElement(using: &generator) ?? "a" })
    }

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .null:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        case .bool(let bool):
            var container = encoder.singleValueContainer()
            try container.encode(bool)
        case .integer(let integer):
            var container = encoder.singleValueContainer()
            try container.encode(integer)
        case .unsigned(let unsigned):
            var container = encoder.singleValueContainer()
            try container.encode(unsigned)
        case .number(let number):
            var container = encoder.singleValueContainer()
            try container.encode(number)
        case .single(let single):
            var container = encoder.singleValueContainer()
            try container.encode(single)
        case .string(let string):
            var container = encoder.singleValueContainer()
            try container.encode(string)
        case .array(let elements):
            var container = encoder.unkeyedContainer()
            for element in elements { try container.encode(element) }
        case .object(let members):
            var container = encoder.container(keyedBy: Name.self)
            for (name, value) in members { try container.encode(value, forKey: Name(name)) }
        case .nested(let name, let first, let second):
            var container = encoder.container(keyedBy: Name.self)
            var object = container.nestedContainer(keyedBy: Name.self, forKey: Name(name + "1"))
            try object.encode(first, forKey: Name(name))
            try object.encodeIfPresent(String?.none, forKey: Name("absent"))
            var array = container.nestedUnkeyedContainer(forKey: Name(name + "2"))
            try array.encode(second)
            var inner = array.nestedUnkeyedContainer()
            try inner.encode(name)
            var last = array.nestedContainer(keyedBy: Name.self)
            try last.encodeNil(forKey: Name("nil"))
            try first.encode(to: container.superEncoder(forKey: Name(name + "3")))
            try second.encode(to: container.superEncoder())
        case .nothing:
            break
        }
    }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
