/// Encodes one value: small enough to live in an existential without an allocation, as the containers below.
///
/// Coding paths are empty throughout: keeping them costs an allocation per member, and only errors of our own types would show them.
struct JSONValueEncoder: Encoder, SingleValueEncodingContainer {
    let sink: JSONSink
    /// How many containers stand around the value.
    let depth: Int
    /// Where the value's text starts.
    let start: Int

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        sink.openContainer("{", "}", depth: depth, start: start)
        return KeyedEncodingContainer(JSONObjectContainer(sink: sink, depth: depth, start: start))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        sink.openContainer("[", "]", depth: depth, start: start)
        return JSONArrayContainer(sink: sink, depth: depth, start: start)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    func encodeNil() throws { try put { $0.append(contentsOf: "null".utf8) } }
    func encode(_ value: Bool) throws { try put { $0.appendJSON(value) } }
    func encode(_ value: String) throws { try put { $0.appendJSON(value) } }
    func encode(_ value: Double) throws { try put { try $0.appendJSON(value) } }
    func encode(_ value: Float) throws { try put { try $0.appendJSON(value) } }
    func encode(_ value: Int) throws { try put { $0.appendJSON(value) } }
    func encode(_ value: Int8) throws { try put { $0.appendJSON(value) } }
    func encode(_ value: Int16) throws { try put { $0.appendJSON(value) } }
    func encode(_ value: Int32) throws { try put { $0.appendJSON(value) } }
    func encode(_ value: Int64) throws { try put { $0.appendJSON(value) } }
    func encode(_ value: UInt) throws { try put { $0.appendJSON(value) } }
    func encode(_ value: UInt8) throws { try put { $0.appendJSON(value) } }
    func encode(_ value: UInt16) throws { try put { $0.appendJSON(value) } }
    func encode(_ value: UInt32) throws { try put { $0.appendJSON(value) } }
    func encode(_ value: UInt64) throws { try put { $0.appendJSON(value) } }
    func encode(_ value: some Encodable) throws {
        try begin()
        try sink.write(value, depth: depth)
    }

    private func put(_ write: (inout [UInt8]) throws -> Void) throws {
        try begin()
        try write(&sink.bytes)
    }

    private func begin() throws {
        guard sink.bytes.count == start else { throw EncodingError.misuse }
    }
}

/// A JSON object that is being written.
struct JSONObjectContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let sink: JSONSink
    let depth: Int
    let start: Int

    var codingPath: [any CodingKey] { [] }

    func encodeNil(forKey key: Key) throws { try put(key) { $0.append(contentsOf: "null".utf8) } }
    func encode(_ value: Bool, forKey key: Key) throws { try put(key) { $0.appendJSON(value) } }
    func encode(_ value: String, forKey key: Key) throws { try put(key) { $0.appendJSON(value) } }
    func encode(_ value: Double, forKey key: Key) throws { try put(key) { try $0.appendJSON(value) } }
    func encode(_ value: Float, forKey key: Key) throws { try put(key) { try $0.appendJSON(value) } }
    func encode(_ value: Int, forKey key: Key) throws { try put(key) { $0.appendJSON(value) } }
    func encode(_ value: Int8, forKey key: Key) throws { try put(key) { $0.appendJSON(value) } }
    func encode(_ value: Int16, forKey key: Key) throws { try put(key) { $0.appendJSON(value) } }
    func encode(_ value: Int32, forKey key: Key) throws { try put(key) { $0.appendJSON(value) } }
    func encode(_ value: Int64, forKey key: Key) throws { try put(key) { $0.appendJSON(value) } }
    func encode(_ value: UInt, forKey key: Key) throws { try put(key) { $0.appendJSON(value) } }
    func encode(_ value: UInt8, forKey key: Key) throws { try put(key) { $0.appendJSON(value) } }
    func encode(_ value: UInt16, forKey key: Key) throws { try put(key) { $0.appendJSON(value) } }
    func encode(_ value: UInt32, forKey key: Key) throws { try put(key) { $0.appendJSON(value) } }
    func encode(_ value: UInt64, forKey key: Key) throws { try put(key) { $0.appendJSON(value) } }
    func encode(_ value: some Encodable, forKey key: Key) throws {
        try begin(key)
        try sink.write(value, depth: depth + 1)
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<Nested> {
        nested(key.stringValue).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { nested(key.stringValue).unkeyedContainer() }
    func superEncoder() -> any Encoder { nested("super") }
    func superEncoder(forKey key: Key) -> any Encoder { nested(key.stringValue) }

    private func put(_ key: Key, _ write: (inout [UInt8]) throws -> Void) throws {
        try begin(key)
        try write(&sink.bytes)
    }

    private func begin(_ key: Key) throws {
        guard sink.resume(depth: depth, start: start) else { throw EncodingError.misuse }
        sink.bytes.appendJSONName(key.stringValue)
    }

    private func nested(_ name: String) -> JSONValueEncoder {
        // Where nothing may be written, the encoder gets a place that no text can start at.
        guard sink.resume(depth: depth, start: start) else { return JSONValueEncoder(sink: sink, depth: depth + 1, start: -1) }
        sink.bytes.appendJSONName(name)
        return JSONValueEncoder(sink: sink, depth: depth + 1, start: sink.bytes.count)
    }
}

/// A JSON array that is being written.
struct JSONArrayContainer: UnkeyedEncodingContainer {
    let sink: JSONSink
    let depth: Int
    let start: Int
    private(set) var count = 0

    init(sink: JSONSink, depth: Int, start: Int) {
        self.sink = sink
        self.depth = depth
        self.start = start
    }

    var codingPath: [any CodingKey] { [] }

    mutating func encodeNil() throws { try put { $0.append(contentsOf: "null".utf8) } }
    mutating func encode(_ value: Bool) throws { try put { $0.appendJSON(value) } }
    mutating func encode(_ value: String) throws { try put { $0.appendJSON(value) } }
    mutating func encode(_ value: Double) throws { try put { try $0.appendJSON(value) } }
    mutating func encode(_ value: Float) throws { try put { try $0.appendJSON(value) } }
    mutating func encode(_ value: Int) throws { try put { $0.appendJSON(value) } }
    mutating func encode(_ value: Int8) throws { try put { $0.appendJSON(value) } }
    mutating func encode(_ value: Int16) throws { try put { $0.appendJSON(value) } }
    mutating func encode(_ value: Int32) throws { try put { $0.appendJSON(value) } }
    mutating func encode(_ value: Int64) throws { try put { $0.appendJSON(value) } }
    mutating func encode(_ value: UInt) throws { try put { $0.appendJSON(value) } }
    mutating func encode(_ value: UInt8) throws { try put { $0.appendJSON(value) } }
    mutating func encode(_ value: UInt16) throws { try put { $0.appendJSON(value) } }
    mutating func encode(_ value: UInt32) throws { try put { $0.appendJSON(value) } }
    mutating func encode(_ value: UInt64) throws { try put { $0.appendJSON(value) } }
    mutating func encode(_ value: some Encodable) throws {
        try begin()
        try sink.write(value, depth: depth + 1)
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        nested().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { nested().unkeyedContainer() }
    mutating func superEncoder() -> any Encoder { nested() }

    private mutating func put(_ write: (inout [UInt8]) throws -> Void) throws {
        try begin()
        try write(&sink.bytes)
    }

    private mutating func begin() throws {
        guard sink.resume(depth: depth, start: start) else { throw EncodingError.misuse }
        count += 1
    }

    private mutating func nested() -> JSONValueEncoder {
        count += 1
        guard sink.resume(depth: depth, start: start) else { return JSONValueEncoder(sink: sink, depth: depth + 1, start: -1) }
        return JSONValueEncoder(sink: sink, depth: depth + 1, start: sink.bytes.count)
    }
}
