import Core
import Foundation
import GRDB
import GRDBSQLite

/// A statement that SQLite has compiled; confined to the thread of its connection.
final class CompiledStatement {
    /// Tells SQLite to copy what is bound: the values move on before the statement is done with them.
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    let placeholders: Int
    /// Whether it leaves the database as it is.
    let isReadOnly: Bool
    private let connection: OpaquePointer
    private let handle: OpaquePointer
    private let columns: Row.Columns

    /// - Throws: ``StorageError/statement(_:)`` when SQLite does not understand the text, or when it holds more than one statement.
    init(_ text: String, on connection: OpaquePointer) throws {
        var handle: OpaquePointer?
        var isWhole = false
        let code = text.withCString { start in
            var rest: UnsafePointer<CChar>?
            let code = sqlite3_prepare_v3(connection, start, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, &rest)
            isWhole = rest.map { String(cString: $0).allSatisfy { $0.isWhitespace || $0 == ";" } } ?? true
            return code
        }
        guard code == SQLITE_OK else { throw Self.error(on: connection) }
        guard let handle, isWhole else {
            sqlite3_finalize(handle)
            throw StorageError.statement("one statement at a time")
        }
        self.connection = connection
        self.handle = handle
        isReadOnly = sqlite3_stmt_readonly(handle) != 0
        placeholders = Int(sqlite3_bind_parameter_count(handle))
        columns = Row.Columns(
            names: (0..<sqlite3_column_count(handle)).map { index in
                sqlite3_column_name(handle, index).map { String(cString: $0) } ?? ""
            }
        )
    }

    deinit { sqlite3_finalize(handle) }

    /// Runs to the end.
    ///
    /// - Parameter values: as many as there are ``placeholders``.
    /// - Throws: ``StorageError``; `ValidationError` for text that holds NUL; what the closure throws, which ends the run.
    func run(_ values: [SQLValue], row: (Row) throws -> Void = { _ in }) throws {
        // A failure of the run is told once, by the step; the reset would repeat it.
        defer { sqlite3_reset(handle) }
        var index: Int32 = 0
        for value in values {
            index += 1
            try bind(value, at: index)
        }
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW: try row(currentRow())
            case SQLITE_DONE: return
            default: throw Self.error(on: connection)
            }
        }
    }

    private func bind(_ value: SQLValue, at index: Int32) throws {
        let code =
            switch value {
            case .null: sqlite3_bind_null(handle, index)
            case .integer(let integer): sqlite3_bind_int64(handle, index, integer)
            case .real(let real): sqlite3_bind_double(handle, index, real)
            case .text(let text): try bind(text, at: index)
            case .utf8(let bytes): try bytes.withUnsafeBufferPointer { try bind(utf8: $0, at: index) }
            case .blob(let bytes) where bytes.isEmpty: sqlite3_bind_zeroblob(handle, index, 0)
            case .blob(let bytes): sqlite3_bind_blob64(handle, index, bytes, UInt64(bytes.count), Self.transient)
            }
        guard code == SQLITE_OK else { throw Self.error(on: connection) }
    }

    private func bind(_ text: String, at index: Int32) throws -> Int32 {
        var text = text
        return try text.withUTF8 { try bind(utf8: $0, at: index) }
    }

    private func bind(utf8 bytes: UnsafeBufferPointer<UInt8>, at index: Int32) throws -> Int32 {
        // A missing address would bind null.
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return sqlite3_bind_text(handle, index, "", 0, Self.transient) }
        // Readers of C strings would see the text cut there, and PostgreSQL refuses it.
        guard memchr(start, 0, bytes.count) == nil else { throw ValidationError.textHoldsNull }
        return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
            sqlite3_bind_text64(handle, index, $0, UInt64(bytes.count), Self.transient, UInt8(SQLITE_UTF8))
        }
    }

    private func currentRow() -> Row {
        let count = columns.names.count
        let values = [SQLValue](unsafeUninitializedCapacity: count) { buffer, initialized in
            for index in 0..<count { buffer.initializeElement(at: index, to: column(Int32(index))) }
            initialized = count
        }
        return Row(columns: columns, values: values)
    }

    private func column(_ index: Int32) -> SQLValue {
        switch sqlite3_column_type(handle, index) {
        case SQLITE_INTEGER: .integer(sqlite3_column_int64(handle, index))
        case SQLITE_FLOAT: .real(sqlite3_column_double(handle, index))
        // The length is asked for after the address: fetching the text may convert it.
        case SQLITE_TEXT:
            .text(String(decoding: bytes(at: sqlite3_column_text(handle, index).map { UnsafeRawPointer($0) }, of: index), as: UTF8.self))
        case SQLITE_BLOB: .blob(Array(bytes(at: sqlite3_column_blob(handle, index), of: index)))
        default: .null
        }
    }

    private func bytes(at address: UnsafeRawPointer?, of index: Int32) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: address, count: address == nil ? 0 : Int(sqlite3_column_bytes(handle, index)))
    }

    private static func error(on connection: OpaquePointer) -> StorageError {
        let message = sqlite3_errmsg(connection).map { String(cString: $0) }
        return StorageError(DatabaseError(resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)), message: message))
    }
}
