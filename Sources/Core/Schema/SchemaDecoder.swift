/// A decoder that reads nothing: it hands example values to a type and writes down what the type asks for.
final class SchemaDecoder: Decoder {
    /// What was asked for so far.
    fileprivate(set) var schema: Schema
    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]
    private let typeName: String

    private init(typeName: String, schema: Schema) {
        self.typeName = typeName
        self.schema = schema
    }

    /// An example of a type and its shape.
    static func describe<Value: Decodable>(_ type: Value.Type) -> (example: Value, schema: Schema) {
        if let enumeration = type as? any (CaseIterable & RawRepresentable).Type, let (example, schema) = describe(cases: enumeration),
            let example = example as? Value
        {
            return (example, schema)
        }
        if let dictionary = type as? any StringDictionary.Type, let example = dictionary.init() as? Value {
            return (example, Schema(.dictionary(of: dictionary.valueSchema)))
        }
        let known = (type as? any SchemaDescribing.Type)?.schema
        let decoder = SchemaDecoder(typeName: name(of: type), schema: known ?? Schema(.any))
        do {
            let example = try Value(from: decoder)
            return (example, known ?? decoder.schema)
        } catch {
            preconditionFailure("\(type) can't be described: \(error). Make it CaseIterable or SchemaDescribing.")
        }
    }

    /// The type's name without its module, with nothing but letters, digits and `_`.
    static func name(of type: Any.Type) -> String {
        let words = String(describing: type).split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        return words.joined(separator: "_")
    }

    private static func describe<Value: CaseIterable & RawRepresentable>(cases _: Value.Type) -> (Any, Schema)? {
        guard let first = Value.allCases.first else { return nil }
        var schema = Schema(first.rawValue is String ? .string : .integer)
        schema.choices = first.rawValue is String ? Value.allCases.compactMap { $0.rawValue as? String } : nil
        return (first, schema)
    }

    func container<Key: CodingKey>(keyedBy _: Key.Type) -> KeyedDecodingContainer<Key> {
        if case .object = schema.kind {} else { schema.kind = .object(ObjectSchema(name: typeName, properties: [])) }
        return KeyedDecodingContainer(SchemaObjectContainer<Key>(decoder: self))
    }

    func unkeyedContainer() -> any UnkeyedDecodingContainer { SchemaArrayContainer(decoder: self) }
    func singleValueContainer() -> any SingleValueDecodingContainer { SchemaValueContainer(decoder: self) }

    fileprivate func note(_ name: String, _ member: Schema, isRequired: Bool) {
        guard case .object(var object) = schema.kind, !object.properties.contains(where: { $0.name == name }) else { return }
        object.properties.append(ObjectSchema.Property(name: name, schema: member, isRequired: isRequired))
        schema.kind = .object(object)
    }
}

/// Dictionaries decode the keys that are there, and an example has none.
private protocol StringDictionary {
    init()
    static var valueSchema: Schema { get }
}

extension Dictionary: StringDictionary where Key == String, Value: Decodable {
    fileprivate static var valueSchema: Schema { Schema(describing: Value.self) }
}

private struct SchemaObjectContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: SchemaDecoder
    let codingPath: [any CodingKey] = []
    let allKeys: [Key] = []

    func contains(_: Key) -> Bool { true }
    func decodeNil(forKey _: Key) -> Bool { false }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) -> Value {
        let (example, schema) = SchemaDecoder.describe(type)
        decoder.note(key.stringValue, schema, isRequired: true)
        return example
    }

    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) -> Value? { absent(type, key) }

    // The library's versions for these types do not come through the generic one.
    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) -> Bool? { absent(type, key) }
    func decodeIfPresent(_ type: String.Type, forKey key: Key) -> String? { absent(type, key) }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) -> Double? { absent(type, key) }
    func decodeIfPresent(_ type: Float.Type, forKey key: Key) -> Float? { absent(type, key) }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) -> Int? { absent(type, key) }
    func decodeIfPresent(_ type: Int8.Type, forKey key: Key) -> Int8? { absent(type, key) }
    func decodeIfPresent(_ type: Int16.Type, forKey key: Key) -> Int16? { absent(type, key) }
    func decodeIfPresent(_ type: Int32.Type, forKey key: Key) -> Int32? { absent(type, key) }
    func decodeIfPresent(_ type: Int64.Type, forKey key: Key) -> Int64? { absent(type, key) }
    func decodeIfPresent(_ type: UInt.Type, forKey key: Key) -> UInt? { absent(type, key) }
    func decodeIfPresent(_ type: UInt8.Type, forKey key: Key) -> UInt8? { absent(type, key) }
    func decodeIfPresent(_ type: UInt16.Type, forKey key: Key) -> UInt16? { absent(type, key) }
    func decodeIfPresent(_ type: UInt32.Type, forKey key: Key) -> UInt32? { absent(type, key) }
    func decodeIfPresent(_ type: UInt64.Type, forKey key: Key) -> UInt64? { absent(type, key) }

    private func absent<Value: Decodable>(_ type: Value.Type, _ key: Key) -> Value? {
        var schema = Schema(describing: type)
        schema.isNullable = true
        decoder.note(key.stringValue, schema, isRequired: false)
        return nil
    }

    func nestedContainer<Nested: CodingKey>(keyedBy _: Nested.Type, forKey _: Key) throws -> KeyedDecodingContainer<Nested> {
        throw SchemaError.nestedContainer
    }

    func nestedUnkeyedContainer(forKey _: Key) throws -> any UnkeyedDecodingContainer { throw SchemaError.nestedContainer }

    /// Several types that decode from one object, as an envelope around a payload does.
    func superDecoder() -> any Decoder { decoder }
    func superDecoder(forKey _: Key) -> any Decoder { decoder }
}

/// Hands out one element.
private struct SchemaArrayContainer: UnkeyedDecodingContainer {
    let decoder: SchemaDecoder
    let codingPath: [any CodingKey] = []
    let count: Int? = 1
    private(set) var currentIndex = 0
    var isAtEnd: Bool { currentIndex > 0 }

    init(decoder: SchemaDecoder) { self.decoder = decoder }

    mutating func decodeNil() -> Bool { false }

    mutating func decode<Value: Decodable>(_ type: Value.Type) -> Value {
        let (example, schema) = SchemaDecoder.describe(type)
        decoder.schema.kind = .array(of: schema)
        currentIndex += 1
        return example
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy _: Nested.Type) throws -> KeyedDecodingContainer<Nested> {
        throw SchemaError.nestedContainer
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { throw SchemaError.nestedContainer }
    mutating func superDecoder() -> any Decoder { decoder }
}

private struct SchemaValueContainer: SingleValueDecodingContainer {
    let decoder: SchemaDecoder
    let codingPath: [any CodingKey] = []

    func decodeNil() -> Bool {
        decoder.schema.isNullable = true
        return false
    }

    func decode(_: Bool.Type) -> Bool { note(.boolean, false) }
    func decode(_: String.Type) -> String { note(.string, decoder.schema.example ?? "") }
    func decode(_: Double.Type) -> Double { note(.number, 1) }
    func decode(_: Float.Type) -> Float { note(.number, 1) }
    func decode(_: Int.Type) -> Int { integer() }
    func decode(_: Int8.Type) -> Int8 { integer() }
    func decode(_: Int16.Type) -> Int16 { integer() }
    func decode(_: Int32.Type) -> Int32 { integer("int32") }
    func decode(_: Int64.Type) -> Int64 { integer("int64") }
    func decode(_: UInt.Type) -> UInt { unsigned() }
    func decode(_: UInt8.Type) -> UInt8 { unsigned() }
    func decode(_: UInt16.Type) -> UInt16 { unsigned() }
    func decode(_: UInt32.Type) -> UInt32 { unsigned() }
    func decode(_: UInt64.Type) -> UInt64 { unsigned() }

    func decode<Value: Decodable>(_ type: Value.Type) -> Value {
        let (example, schema) = SchemaDecoder.describe(type)
        let isNullable = decoder.schema.isNullable
        decoder.schema = schema
        decoder.schema.isNullable = isNullable || schema.isNullable
        return example
    }

    private func note<Value>(_ kind: Schema.Kind, _ example: Value) -> Value {
        decoder.schema.kind = kind
        return example
    }

    private func integer<Value: SignedInteger>(_ format: String? = nil) -> Value {
        decoder.schema.format = format
        return note(.integer, 1)
    }

    private func unsigned<Value: UnsignedInteger>() -> Value {
        decoder.schema.minimum = 0
        return note(.integer, 1)
    }
}

private enum SchemaError: Error {
    /// Nested containers are anonymous types; a struct has a name.
    case nestedContainer
}
