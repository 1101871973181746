import Foundation

/// JSON text that is carried as it is: the `data` of a publication, the result of an rpc.
///
/// ``JSONByteEncoder`` embeds the bytes unchanged. Any other encoder or decoder works too, by way of a generic value, and then keeps the
/// meaning but not the spelling (spaces, order of members); that way is for paths that are not hot.
public struct RawJSON: Hashable, Sendable {
    /// Exactly one JSON value in UTF-8, without line breaks outside of strings (there are none inside): it must fit into one line.
    public let bytes: [UInt8]

    /// Trusts that the bytes are as ``bytes`` demands; what comes from a client must have been read by a codec or a decoder.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Checks the bytes as a codec checks a client's message: valid UTF-8, one value by RFC 8259 and not nested deeper than a command may
    /// carry it. Line breaks between tokens go. Nil when the bytes are anything else.
    public init?(validating bytes: [UInt8]) {
        guard String(validating: bytes, as: UTF8.self) != nil,
            // The command and its request are two levels of their own.
            let element = try? JSONElement(parsing: bytes, bytes.startIndex..<bytes.endIndex, depthMax: JSONScanner.depthMax - 2)
        else { return nil }
        self = element.raw
    }

    /// Trusts the text as ``init(bytes:)`` does.
    public init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// The JSON text of a value.
    ///
    /// - Throws: as ``JSONByteEncoder/encode(_:)``.
    public init(encoding value: some Encodable) throws {
        bytes = try JSONByteEncoder().encode(value)
    }

    /// Reads the text as a value of that type.
    ///
    /// - Throws: `DecodingError`.
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(type, from: Data(bytes))
    }

    /// The text, for people and tests.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension RawJSON: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(encoding: JSONValue(from: decoder))
    }

    public func encode(to encoder: any Encoder) throws {
        try decode(JSONValue.self).encode(to: encoder)
    }
}
