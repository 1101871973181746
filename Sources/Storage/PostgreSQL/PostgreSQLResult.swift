import CPostgreSQL

/// What a statement gave, copied out of libpq's memory.
struct PostgreSQLResult {
    let rows: [Row]
    /// Rows that were changed or found.
    let count: Int

    /// - Parameters:
    ///   - result: a result of libpq that is no error, in binary format.
    ///   - columns: of an earlier run of the same statement, where there was one.
    /// - Throws: ``StorageError/statement(_:)`` for a type that no statement of ours gives.
    init(_ result: OpaquePointer, columns: inout Row.Columns?) throws {
        count = PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
        let rowCount = PQntuples(result)
        let columnCount = PQnfields(result)
        guard rowCount > 0 else {
            rows = []
            return
        }
        let shared = columns ?? Row.Columns(names: (0..<columnCount).map { String(cString: PQfname(result, $0)) })
        columns = shared
        let types = (0..<columnCount).map { PQftype(result, $0) }
        rows = try (0..<rowCount).map { row in
            Row(columns: shared, values: try (0..<columnCount).map { try Self.value(of: result, row, $0, types[Int($0)]) })
        }
    }

    private static func value(of result: OpaquePointer, _ row: Int32, _ column: Int32, _ type: Oid) throws -> SQLValue {
        guard PQgetisnull(result, row, column) == 0 else { return .null }
        let bytes = UnsafeRawBufferPointer(start: PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column)))
        return switch type {
        case PostgreSQLType.integer, PostgreSQLType.mediumInteger, PostgreSQLType.smallInteger: .integer(integer(bytes))
        case PostgreSQLType.boolean: .integer(bytes.first == 0 ? 0 : 1)
        case PostgreSQLType.real: .real(Double(bitPattern: UInt64(bitPattern: integer(bytes))))
        case PostgreSQLType.smallReal: .real(Double(Float(bitPattern: UInt32(truncatingIfNeeded: integer(bytes)))))
        case PostgreSQLType.text, PostgreSQLType.varyingText, PostgreSQLType.name, PostgreSQLType.unknownText:
            .text(String(decoding: bytes, as: UTF8.self))
        case PostgreSQLType.blob: .blob(Array(bytes))
        case PostgreSQLType.numeric: numeric(bytes)
        case PostgreSQLType.void: .null
        default: throw StorageError.statement("a column has type \(type), which is not read")
        }
    }

    /// In network order, of whatever width.
    private static func integer(_ bytes: UnsafeRawBufferPointer) -> Int64 {
        guard let first = bytes.first else { return 0 }
        return bytes.dropFirst().reduce(Int64(Int8(bitPattern: first))) { $0 << 8 | Int64($1) }
    }

    /// A sum of integers is one; SQLite counts it so, too. Digits to the base 10,000 follow their number, the weight of the first, the sign and
    /// the scale.
    private static func numeric(_ bytes: UnsafeRawBufferPointer) -> SQLValue {
        func word(_ index: Int) -> Int64 { integer(UnsafeRawBufferPointer(rebasing: bytes[2 * index..<2 * index + 2])) }
        let digits = (0..<Int(word(0))).map { word(4 + $0) }
        let weight = Int(word(1))
        let isNegative = word(2) & 0x4000 != 0
        var whole: Int64? = 0
        var real = 0.0
        for (index, digit) in digits.enumerated() {
            real = real * 10_000 + Double(digit)
            whole = whole.flatMap { index <= weight ? $0.multipliedExactly(by: 10_000)?.addedExactly(digit) : nil }
        }
        for _ in digits.count..<max(digits.count, weight + 1) { whole = whole?.multipliedExactly(by: 10_000) }
        if word(3) == 0, let whole { return .integer(isNegative ? -whole : whole) }
        for _ in digits.count..<max(digits.count, weight + 1) { real *= 10_000 }
        for _ in min(digits.count, weight + 1)..<digits.count { real /= 10_000 }
        return .real(isNegative ? -real : real)
    }
}

extension Int64 {
    fileprivate func multipliedExactly(by factor: Int64) -> Int64? {
        let (product, overflows) = multipliedReportingOverflow(by: factor)
        return overflows ? nil : product
    }

    fileprivate func addedExactly(_ other: Int64) -> Int64? {
        let (sum, overflows) = addingReportingOverflow(other)
        return overflows ? nil : sum
    }
}
