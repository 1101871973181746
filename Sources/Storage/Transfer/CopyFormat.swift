import CPostgreSQL

/// Columns of a PostgreSQL table in the order in which `COPY` sends them.
struct CopyColumn {
    let table: String
    let name: String
    let type: Oid
}

/// Writes rows in the binary format of `COPY` (PostgreSQL documentation, COPY, "Binary Format"): a value crosses as it is, or not at all.
struct CopyEncoder {
    private static let bytesMax = 1 << 16

    private let columns: [CopyColumn]
    private let send: ([UInt8]) throws -> Void
    private var bytes: [UInt8]

    init(_ columns: [CopyColumn], send: @escaping ([UInt8]) throws -> Void) {
        self.columns = columns
        self.send = send
        // The signature, no flags, no extension.
        bytes = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00] + [UInt8](repeating: 0, count: 8)
    }

    /// - Throws: ``TransferError/doesNotFit(column:)``, and what sending throws.
    mutating func append(_ row: [SQLValue]) throws {
        bytes.append(Int16(columns.count))
        for (column, value) in zip(columns, row) { try append(value, column) }
        guard bytes.count >= Self.bytesMax else { return }
        try send(bytes)
        bytes.removeAll(keepingCapacity: true)
    }

    /// - Throws: what sending throws.
    mutating func end() throws {
        bytes.append(Int16(-1))
        try send(bytes)
        bytes = []
    }

    private mutating func append(_ value: SQLValue, _ column: CopyColumn) throws {
        switch (column.type, value) {
        case (_, .null): bytes.append(Int32(-1))
        case (PostgreSQLType.integer, .integer(let integer)): append(integer)
        case (PostgreSQLType.mediumInteger, .integer(let integer)): append(try exactly(integer, column) as Int32)
        case (PostgreSQLType.smallInteger, .integer(let integer)): append(try exactly(integer, column) as Int16)
        case (PostgreSQLType.real, .real(let real)): append(Int64(bitPattern: real.bitPattern))
        case (PostgreSQLType.text, .text(let text)), (PostgreSQLType.varyingText, .text(let text)): append(text.utf8)
        case (PostgreSQLType.blob, .blob(let blob)): append(blob)
        // SQLite keeps what it is given, whatever the column says.
        default: throw TransferError.doesNotFit(column: "\(column.table).\(column.name)")
        }
    }

    private func exactly<Integer: FixedWidthInteger>(_ value: Int64, _ column: CopyColumn) throws -> Integer {
        guard let exact = Integer(exactly: value) else { throw TransferError.doesNotFit(column: "\(column.table).\(column.name)") }
        return exact
    }

    private mutating func append(_ integer: some FixedWidthInteger) {
        bytes.append(Int32(integer.bitWidth / 8))
        bytes.append(integer)
    }

    private mutating func append(_ value: some Collection<UInt8>) {
        bytes.append(Int32(clamping: value.count))
        bytes.append(contentsOf: value)
    }
}

/// Reads rows in the same format, from pieces of any size.
struct CopyDecoder {
    private static let signatureBytes = 11

    private let columns: [CopyColumn]
    private var bytes: [UInt8] = []
    private var hasBegun = false
    private(set) var hasEnded = false

    init(_ columns: [CopyColumn]) {
        self.columns = columns
    }

    /// Hands over every row that is whole now.
    ///
    /// - Throws: ``StorageError/statement(_:)`` for what is no such row, and what the body throws.
    mutating func read(_ piece: UnsafeRawBufferPointer, _ body: ([SQLValue]) throws -> Void) throws {
        bytes.append(contentsOf: piece)
        var place = 0
        if !hasBegun {
            guard let begin = header() else { return }
            place = begin
            hasBegun = true
        }
        while !hasEnded, let row = try row(at: &place) { try body(row) }
        bytes.removeFirst(place)
    }

    /// - Returns: where the first row begins; nil while it is not known.
    private func header() -> Int? {
        let fixed = Self.signatureBytes + 8
        guard bytes.count >= fixed else { return nil }
        let begin = fixed + integer(at: Self.signatureBytes + 4, bytes: 4)
        return bytes.count >= begin ? begin : nil
    }

    /// - Returns: nil where the row is not whole yet, or where there is none any more; the place moves on only behind a whole one.
    private mutating func row(at place: inout Int) throws -> [SQLValue]? {
        var next = place
        guard bytes.count >= next + 2 else { return nil }
        let count = integer(at: next, bytes: 2)
        next += 2
        guard count >= 0 else {
            hasEnded = true
            place = next
            return nil
        }
        guard count == columns.count else { throw StorageError.statement("a row has \(count) columns, not \(columns.count)") }
        var values: [SQLValue] = []
        values.reserveCapacity(count)
        for column in columns {
            guard bytes.count >= next + 4 else { return nil }
            let length = integer(at: next, bytes: 4)
            next += 4
            guard length >= 0 else {
                values.append(.null)
                continue
            }
            guard bytes.count >= next + length else { return nil }
            values.append(try value(at: next, bytes: length, column))
            next += length
        }
        place = next
        return values
    }

    private func value(at place: Int, bytes length: Int, _ column: CopyColumn) throws -> SQLValue {
        switch column.type {
        case PostgreSQLType.integer, PostgreSQLType.mediumInteger, PostgreSQLType.smallInteger:
            .integer(Int64(integer(at: place, bytes: length)))
        case PostgreSQLType.real: .real(Double(bitPattern: UInt64(bitPattern: Int64(integer(at: place, bytes: length)))))
        case PostgreSQLType.text, PostgreSQLType.varyingText: .text(String(decoding: bytes[place..<place + length], as: UTF8.self))
        case PostgreSQLType.blob: .blob(Array(bytes[place..<place + length]))
        default: throw TransferError.doesNotFit(column: "\(column.table).\(column.name)")
        }
    }

    /// In network order, with its sign.
    private func integer(at place: Int, bytes count: Int) -> Int {
        let first = Int(Int8(bitPattern: bytes[place]))
        return bytes[place + 1..<place + count].reduce(first) { $0 << 8 | Int($1) }
    }
}

extension [UInt8] {
    /// In network order.
    fileprivate mutating func append(_ integer: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: integer.bigEndian) { append(contentsOf: $0) }
    }
}
