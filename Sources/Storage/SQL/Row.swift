/// One row of a result; a copy, so it may leave the transaction.
public struct Row: Sendable {
    let columns: Columns
    let values: [SQLValue]

    /// The column's value.
    ///
    /// - Throws: ``StorageError/noColumn(_:)``; ``StorageError/typeMismatch(expected:found:)``, for null too.
    public subscript<Value: SQLConvertible>(_ column: String) -> Value {
        get throws { try Value(sqlValue: value(of: column)) }
    }

    /// The column's value, nil where it is null.
    ///
    /// - Throws: ``StorageError/noColumn(_:)``, ``StorageError/typeMismatch(expected:found:)``.
    public subscript<Value: SQLConvertible>(_ column: String) -> Value? {
        get throws {
            let value = try value(of: column)
            if case .null = value { return nil }
            return try Value(sqlValue: value)
        }
    }

    private func value(of column: String) throws -> SQLValue {
        guard let index = columns.names.firstIndex(of: column) else { throw StorageError.noColumn(column) }
        return values[index]
    }

    /// The names of a statement's columns, shared by all rows of its results.
    final class Columns: Sendable {
        let names: [String]

        init(names: [String]) { self.names = names }
    }
}

/// A type that reads itself from the columns of a row.
public protocol RowDecodable: Sendable {
    /// - Throws: ``StorageError``.
    init(row: Row) throws
}
