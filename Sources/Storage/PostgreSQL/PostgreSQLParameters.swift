import CPostgreSQL
import Core

/// What a statement binds, as PostgreSQL's binary format has it, with the type of each value: the server is never left to guess whether a
/// number is a text. Only a null has no type of its own, and takes that of its place.
struct PostgreSQLParameters {
    private(set) var types: [Oid] = []
    /// Never empty, so that even an empty value has an address: without one it would be null.
    private var bytes: [UInt8] = [0]
    /// Where each value begins, nil for null, and how long it is.
    private var places: [(start: Int, count: Int)?] = []

    init() {}

    /// - Throws: `ValidationError` for text that holds NUL.
    init(_ values: [SQLValue]) throws {
        types.reserveCapacity(values.count)
        places.reserveCapacity(values.count)
        for value in values { try append(value) }
    }

    private mutating func append(_ value: SQLValue) throws {
        switch value {
        case .null:
            types.append(PostgreSQLType.unknown)
            places.append(nil)
        case .integer(let integer): append(PostgreSQLType.integer) { $0.append(integer) }
        case .real(let real): append(PostgreSQLType.real) { $0.append(Int64(bitPattern: real.bitPattern)) }
        case .text(let text): try appendText(text.utf8)
        case .utf8(let bytes): try appendText(bytes)
        case .blob(let blob): append(PostgreSQLType.blob) { $0 += blob }
        }
    }

    /// An array, for statements over many rows at once.
    mutating func append(array integers: [Int64]) {
        appendArray(PostgreSQLType.integerArray, of: PostgreSQLType.integer, integers) { $1.append($0) }
    }

    /// An array of texts that hold no NUL.
    mutating func append(array texts: [some Collection<UInt8>]) {
        appendArray(PostgreSQLType.textArray, of: PostgreSQLType.text, texts) { $1 += $0 }
    }

    private mutating func appendText(_ text: some Collection<UInt8>) throws {
        guard !text.contains(0) else { throw ValidationError.textHoldsNull }
        append(PostgreSQLType.text) { $0 += text }
    }

    /// Dimensions, whether there are nulls, the elements' type, the length and the first index, then each with its length.
    private mutating func appendArray<Element>(
        _ type: Oid, of elementType: Oid, _ elements: [Element], _ write: (Element, inout [UInt8]) -> Void
    ) {
        append(type) { bytes in
            for word in [1, 0, Int32(bitPattern: elementType), Int32(elements.count), 1] { bytes.append(word) }
            for element in elements {
                let start = bytes.count
                bytes.append(Int32(0))
                write(element, &bytes)
                let length = UInt32(bytes.count - start - 4)
                for index in 0..<4 { bytes[start + index] = UInt8(truncatingIfNeeded: length >> UInt32(24 - 8 * index)) }
            }
        }
    }

    private mutating func append(_ type: Oid, _ write: (inout [UInt8]) -> Void) {
        let start = bytes.count
        write(&bytes)
        types.append(type)
        places.append((start, bytes.count - start))
    }

    /// Calls libpq with the values' addresses, lengths and formats; they are good until the body returns.
    func withPointers<Result>(
        _ body: (_ values: [UnsafePointer<CChar>?], _ lengths: [Int32], _ formats: [Int32]) -> Result
    ) -> Result {
        bytes.withUnsafeBytes { buffer in
            let start = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            let values = places.map { place in place.flatMap { place in start.map { $0 + place.start } } }
            return body(values, places.map { Int32($0?.count ?? 0) }, [Int32](repeating: 1, count: places.count))
        }
    }
}

/// The types that cross the wire (`pg_type.dat`); their numbers never change.
enum PostgreSQLType {
    static let unknown: Oid = 0
    static let boolean: Oid = 16
    static let blob: Oid = 17
    static let name: Oid = 19
    static let integer: Oid = 20
    static let smallInteger: Oid = 21
    static let mediumInteger: Oid = 23
    static let text: Oid = 25
    static let smallReal: Oid = 700
    static let real: Oid = 701
    static let unknownText: Oid = 705
    static let textArray: Oid = 1_009
    static let integerArray: Oid = 1_016
    static let varyingText: Oid = 1_043
    static let numeric: Oid = 1_700
    static let void: Oid = 2_278
}

extension [UInt8] {
    /// In network order.
    fileprivate mutating func append<Integer: FixedWidthInteger>(_ integer: Integer) {
        Swift.withUnsafeBytes(of: integer.bigEndian) { append(contentsOf: $0) }
    }
}
