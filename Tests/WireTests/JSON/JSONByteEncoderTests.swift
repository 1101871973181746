import Foundation
import SeededRandom
import Testing
import Wire

@Suite struct JSONByteEncoderTests {
    @Test func `every kind of value encodes to the text it should`() throws {
        try expect("", #""""#)
        try expect("a/b \"c\" \\ \n\r\t\u{0}\u{1F}\u{7F}é語🥊\u{2028}", #""a/b \"c\" \\ \n\r\t\u0000\u001f\#u{7F}é語🥊\#u{2028}""#)
        try expect(Int64.min, "-9223372036854775808")
        try expect(UInt64.max, "18446744073709551615")
        try expect(Int8.min, "-128")
        try expect(0, "0")
        try expect(1.0, "1")
        try expect(-0.5, "-0.5")
        try expect(0.1 as Float, "0.1")
        try expect(1e300, "1e+300")
        try expect(10.0, "10")
        try expect(true, "true")
        try expect(Int?.none, "null")
        try expect([1, 2, 3], "[1,2,3]")
        try expect([[String]](), "[]")
        try expect([[], ["a"]] as [[String]], #"[[],["a"]]"#)
        try expect([1, nil, 3], "[1,null,3]")
        try expect(["k": [1]], #"{"k":[1]}"#)
        try expect(["line\n": 1], #"{"line\n":1}"#)
        try expect([String: Int](), "{}")
        try expect([7: "x"], #"{"7":"x"}"#)
        try expect(Instant(microseconds: 0), #""1970-01-01T00:00:00Z""#)
        try expect(RawJSON(#"{"b":1, "a":01e5}"#), #"{"b":1, "a":01e5}"#)
    }

    @Test func `members keep the order in which a type encodes them and absent ones are left out`() throws {
        struct Slot: Encodable {
            let zone: String
            let id: Int
            let note: String?
            let raw: RawJSON
            let at: Instant
            let nested: [Inner]
            struct Inner: Encodable { let b: Bool, a: UInt8? }
        }
        let slot = Slot(
            zone: "z",
            id: 1,
            note: nil,
            raw: RawJSON("[1]"),
            at: Instant(microseconds: 1_500_000),
            nested: [.init(b: true, a: nil), .init(b: false, a: 1)]
        )
        try expect(slot, #"{"zone":"z","id":1,"raw":[1],"at":"1970-01-01T00:00:01.500Z","nested":[{"b":true},{"b":false,"a":1}]}"#)
    }

    @Test func `Foundation's own types look as Foundation writes them`() throws {
        struct Mixed: Encodable {
            let url = URL(string: "https://example.org/a?b=1")
            let data = Data([0, 255, 1])
            let decimal = Decimal(string: "1234567890.123456789")
            let uuid = UUID(uuid: (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16))
            let date = Date(timeIntervalSinceReferenceDate: 12.5)
        }
        try expectSameAsFoundation(Mixed())
    }

    @Test func `a class and its superclass share an object`() throws {
        class Base: Encodable {
            var base = 1
        }
        final class Derived: Base {
            var own = 2
            private enum Names: CodingKey { case own, nested }
            override func encode(to encoder: any Encoder) throws {
                try super.encode(to: encoder)
                var container = encoder.container(keyedBy: Names.self)
                try container.encode(own, forKey: .own)
                try super.encode(to: container.superEncoder(forKey: .nested))
            }
        }
        try expect(Derived(), #"{"base":1,"own":2,"nested":{"base":1}}"#)
        try expect([Derived(), Derived()].count, "2")
    }

    @Test func `2,000 random values mean what Foundation's encoding of them means`() throws {
        var generator = SplitMix64(seed: 1)
        for _ in 0..<2_000 { try expectSameAsFoundation([RandomJSON(using: &generator)]) }
    }

    @Test func `what JSON cannot say is an error and leaves the bytes alone`() {
        struct Nothing: Encodable {
            func encode(to encoder: any Encoder) {}
        }
        var bytes = Array("before".utf8)
        #expect(throws: EncodingError.self) { try JSONByteEncoder().encode([1.5, .nan], into: &bytes) }
        #expect(throws: EncodingError.self) { try JSONByteEncoder().encode(["a": Double.infinity], into: &bytes) }
        #expect(throws: EncodingError.self) { try JSONByteEncoder().encode(-Float.infinity, into: &bytes) }
        #expect(throws: EncodingError.self) { try JSONByteEncoder().encode(Nothing(), into: &bytes) }
        #expect(bytes == Array("before".utf8))
    }

    @Test func `encoding appends to what is there`() throws {
        var bytes = Array("[".utf8)
        try JSONByteEncoder().encode(["a": 1], into: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == #"[{"a":1}"#)
    }

    @Test func `a container that is written to after its parent is refused and never written to the wrong place`() {
        struct Interleaved: Encodable {
            private enum Names: CodingKey { case inner, outer }
            func encode(to encoder: any Encoder) throws {
                var outer = encoder.container(keyedBy: Names.self)
                var inner = outer.nestedContainer(keyedBy: Names.self, forKey: .inner)
                try outer.encode(1, forKey: .outer)
                try inner.encode(2, forKey: .inner)
            }
        }
        struct Late: Encodable {
            func encode(to encoder: any Encoder) throws {
                var outer = encoder.unkeyedContainer()
                let late = outer.superEncoder()
                try outer.encode(1)
                _ = late.unkeyedContainer()
            }
        }
        struct Twice: Encodable {
            func encode(to encoder: any Encoder) throws {
                var container = encoder.singleValueContainer()
                try container.encode(1)
                try container.encode(2)
            }
        }
        #expect(throws: EncodingError.self) { try JSONByteEncoder().encode(Interleaved()) }
        #expect(throws: EncodingError.self) { try JSONByteEncoder().encode([Late()]) }
        #expect(throws: EncodingError.self) { try JSONByteEncoder().encode(Twice()) }
    }

    @Test func `a member whose value gave up does not break the text`() throws {
        struct Careless: Encodable {
            private enum Names: CodingKey { case bad, good }
            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Names.self)
                try? container.encode(Double.nan, forKey: .bad)
                try container.encode(1, forKey: .good)
                _ = container.superEncoder()
            }
        }
        try expect(Careless(), #"{"bad":{},"good":1,"super":{}}"#)
    }

    private func expect(_ value: some Encodable, _ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let encoded = try JSONByteEncoder().encode(value)
        #expect(String(decoding: encoded, as: UTF8.self) == text, sourceLocation: sourceLocation)
    }

    /// Both texts, read and written again by a third party, are the same.
    private func expectSameAsFoundation(_ value: some Encodable, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let encoded = Data(try JSONByteEncoder().encode(value))
        let expected = try JSONEncoder().encode(value)
        #expect(try normalized(encoded) == normalized(expected), sourceLocation: sourceLocation)
    }

    private func normalized(_ data: Data) throws -> String {
        let object = try JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)
        let text = try JSONSerialization.data(withJSONObject: object, options: [.fragmentsAllowed, .sortedKeys])
        return String(decoding: text, as: UTF8.self)
    }
}
