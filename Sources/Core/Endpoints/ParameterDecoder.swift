import Foundation

/// Decodes a request type from path, query and body at once: a member that is a parameter is read from its text, all others from the body.
enum ParameterDecoder {
    static func decode<T: Decodable>(_: T.Type, from input: RequestInput) throws -> T {
        do {
            guard !input.body.isEmpty else {
                return try T(from: OverlayDecoder(input: input, body: nil, codingPath: []))
            }
            guard isUTF8Object(input.body) else { throw RequestError.malformedBody }
            let decoder = JSONDecoder()
            decoder.userInfo[.requestInput] = input
            return try decoder.decode(Overlaid<T>.self, from: input.body).value
        } catch let error as DecodingError {
            throw describe(error, in: input)
        }
    }

    /// A reference token of a JSON Pointer (RFC 6901, section 3).
    private static func token(_ key: any CodingKey) -> String {
        key.intValue.map { String($0) } ?? key.stringValue.replacing("~", with: "~0").replacing("/", with: "~1")
    }

    /// Foundation also reads UTF-16 and UTF-32, which RFC 8259 forbids between systems (there, a zero stands next to the first brace), and
    /// looks for broken UTF-8 only in the strings that it hands out.
    private static func isUTF8Object(_ body: Data) -> Bool {
        let start = body.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
        return start.first == UInt8(ascii: "{") && start.dropFirst().first != 0 && String(validating: start, as: UTF8.self) != nil
    }

    /// Says which field could not be read. A path parameter that is not an id names nothing that exists: 404.
    private static func describe(_ error: DecodingError, in input: RequestInput) -> any Error {
        let path: [any CodingKey]
        let code: String
        let detail: String
        switch error {
        case .keyNotFound(let key, let context):
            (path, code, detail) = (context.codingPath + [key], "required", "is required")
        case .valueNotFound(_, let context):
            (path, code, detail) = (context.codingPath, "required", "must not be null")
        case .typeMismatch(_, let context):
            guard !context.codingPath.isEmpty else { return RequestError.malformedBody }
            (path, code, detail) = (context.codingPath, "type", "has the wrong type")
        case .dataCorrupted(let context):
            guard !context.codingPath.isEmpty else { return RequestError.malformedBody }
            let isOurs = context.debugDescription.hasPrefix("expected ")
            (path, code, detail) = (context.codingPath, "format", isOurs ? context.debugDescription : "has a value that is not allowed")
        @unknown default:
            return RequestError.malformedBody
        }
        let name = path.first?.stringValue ?? ""
        if input.path[name] != nil { return RequestError.routeNotFound }
        let pointer = path.map { "/" + token($0) }.joined()
        return ValidationError(
            [FieldFailure(pointer: pointer, code: code, detail: detail)], kind: input.query[name] != nil ? .malformed : .invalid)
    }
}

extension CodingUserInfoKey {
    fileprivate static var requestInput: CodingUserInfoKey {
        guard let key = CodingUserInfoKey(rawValue: "ringside.request-input") else { preconditionFailure("a raw value makes a key") }
        return key
    }
}

/// Hands the body's decoder on to the overlay.
private struct Overlaid<T: Decodable>: Decodable {
    let value: T

    init(from decoder: any Decoder) throws {
        guard let input = decoder.userInfo[.requestInput] as? RequestInput else { throw RequestError.malformedBody }
        // Asked for at once, so that a body which is no object is refused even where the request has no members of its own.
        _ = try decoder.container(keyedBy: NoKey.self)
        value = try T(from: OverlayDecoder(input: input, body: decoder, codingPath: []))
    }
}

private enum NoKey: CodingKey {}

private struct OverlayDecoder: Decoder {
    let input: RequestInput
    let body: (any Decoder)?
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy _: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(OverlayContainer<Key>(input: input, body: try body?.container(keyedBy: Key.self)))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw RequestError.malformedBody }
    func singleValueContainer() throws -> any SingleValueDecodingContainer { throw RequestError.malformedBody }
}

private struct OverlayContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let input: RequestInput
    let body: KeyedDecodingContainer<Key>?
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] {
        (body?.allKeys ?? []) + (Array(input.path.keys) + Array(input.query.keys)).compactMap(Key.init(stringValue:))
    }

    /// Path before query before body, so that nothing in a body can speak for another address than the one that was called.
    private func text(_ key: Key) -> String? { input.path[key.stringValue] ?? input.query[key.stringValue] }

    func contains(_ key: Key) -> Bool { text(key) != nil || body?.contains(key) ?? false }

    func decodeNil(forKey key: Key) throws -> Bool {
        if text(key) != nil { return false }
        return try body?.decodeNil(forKey: key) ?? true
    }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        if let text = text(key) { return try T(from: TextDecoder(text: text, codingPath: [key])) }
        guard let body else {
            throw DecodingError.keyNotFound(key, .init(codingPath: [], debugDescription: "no body"))
        }
        do {
            return try body.decode(type, forKey: key)
        } catch let error where !(error is DecodingError || error is any DomainError) {
            // Foundation meets numbers that fit nowhere and lone surrogates only now, and does not say where.
            throw DecodingError.dataCorrupted(.init(codingPath: [key], debugDescription: "a value that Swift can't hold"))
        }
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws -> KeyedDecodingContainer<Nested> {
        guard let body, text(key) == nil else { throw RequestError.malformedBody }
        return try body.nestedContainer(keyedBy: type, forKey: key)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        guard let body, text(key) == nil else { throw RequestError.malformedBody }
        return try body.nestedUnkeyedContainer(forKey: key)
    }

    func superDecoder() throws -> any Decoder { throw RequestError.malformedBody }
    func superDecoder(forKey _: Key) throws -> any Decoder { throw RequestError.malformedBody }
}

/// Reads one value from the text of a parameter.
private struct TextDecoder: Decoder, SingleValueDecodingContainer {
    let text: String
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy _: Key.Type) throws -> KeyedDecodingContainer<Key> { throw mismatch() }
    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw mismatch() }
    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    func decodeNil() -> Bool { false }
    func decode(_: String.Type) throws -> String { text }
    func decode(_: Bool.Type) throws -> Bool {
        switch text {
        case "true", "1": true
        case "false", "0": false
        default: throw mismatch()
        }
    }
    func decode(_: Double.Type) throws -> Double { try parse() }
    func decode(_: Float.Type) throws -> Float { try parse() }
    func decode(_: Int.Type) throws -> Int { try parse() }
    func decode(_: Int8.Type) throws -> Int8 { try parse() }
    func decode(_: Int16.Type) throws -> Int16 { try parse() }
    func decode(_: Int32.Type) throws -> Int32 { try parse() }
    func decode(_: Int64.Type) throws -> Int64 { try parse() }
    func decode(_: UInt.Type) throws -> UInt { try parse() }
    func decode(_: UInt8.Type) throws -> UInt8 { try parse() }
    func decode(_: UInt16.Type) throws -> UInt16 { try parse() }
    func decode(_: UInt32.Type) throws -> UInt32 { try parse() }
    func decode(_: UInt64.Type) throws -> UInt64 { try parse() }
    func decode<T: Decodable>(_ type: T.Type) throws -> T { try T(from: self) }

    private func parse<Number: LosslessStringConvertible>() throws -> Number {
        // `Int("+1")` and `Double("nan")` would be accepted; a parameter is digits, a sign and a point.
        guard text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 45 || $0 == 46 }), let value = Number(text) else { throw mismatch() }
        return value
    }

    private func mismatch() -> DecodingError {
        .dataCorrupted(.init(codingPath: codingPath, debugDescription: "expected a value of another type"))
    }
}
