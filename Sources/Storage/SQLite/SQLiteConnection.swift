import Foundation
import GRDB
import Wire

/// A connection of ours upon GRDB's, with its compiled statements; confined to the thread that owns the connection.
final class SQLiteConnection: SQLConnection {
    /// Statements that stay compiled. Texts vary with the length of lists, so there can be many: when full, all are dropped.
    private static let statementsMax = 512

    /// One writer: the transaction itself is the lock.
    let hasRowLocks = false

    private let database: GRDB.Database
    private var statements: [[String]: CompiledStatement] = [:]
    private var controls: [String: Statement] = [:]

    init(_ database: GRDB.Database) {
        self.database = database
    }

    /// Whether a transaction still stands: some errors end it without being asked.
    var isInsideTransaction: Bool { database.isInsideTransaction }

    func query(_ sql: SQL) throws -> [Row] {
        try run(sql) { compiled -> [Row] in
            var rows: [Row] = []
            try ValuesCursor(compiled.statement, width: compiled.columns.names.count).forEach { values in
                rows.append(Row(columns: compiled.columns, values: values))
            }
            return rows
        }
    }

    @discardableResult
    func execute(_ sql: SQL) throws -> Int {
        try run(sql) { compiled in
            try compiled.statement.execute()
            return database.changesCount
        }
    }

    /// Runs a statement that begins, ends or divides a transaction; only the engine may.
    func control(_ text: String) throws {
        do {
            let statement = try controls[text] ?? database.makeStatement(sql: text)
            controls[text] = statement
            try statement.execute()
        } catch {
            // A statement that failed would report the same failure when it is reset for its next use.
            controls[text] = nil
            throw StorageError(error)
        }
    }

    private func run<Result>(_ sql: SQL, _ body: (CompiledStatement) throws -> Result) throws -> Result {
        let arguments = try StatementArguments(sql.values.map { try $0.databaseValue() })
        do {
            let compiled = try compile(sql, arguments)
            compiled.statement.setUncheckedArguments(arguments)
            return try body(compiled)
        } catch {
            // As above.
            statements[sql.fragments] = nil
            throw StorageError(error)
        }
    }

    private func compile(_ sql: SQL, _ arguments: StatementArguments) throws -> CompiledStatement {
        if let compiled = statements[sql.fragments] { return compiled }
        guard sql.isDataStatement else { throw StorageError.forbiddenStatement }
        let statement = try database.makeStatement(sql: sql.fragments.joined(separator: "?"))
        // A placeholder that somebody wrote out would take a value meant for another place. One check serves all runs: the text is the key.
        try statement.validateArguments(arguments)
        if statements.count >= Self.statementsMax { statements.removeAll(keepingCapacity: true) }
        let compiled = CompiledStatement(statement: statement, columns: Row.Columns(names: statement.columnNames))
        statements[sql.fragments] = compiled
        return compiled
    }

    private struct CompiledStatement {
        let statement: Statement
        let columns: Row.Columns
    }
}

extension SQL {
    private static let dataKeywords: Set<String> = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "VALUES"]

    /// Whether the statement reads or changes rows. Anything else could end the transaction that others share.
    fileprivate var isDataStatement: Bool {
        Self.dataKeywords.contains(fragments[0].drop(while: \.isWhitespace).prefix(while: \.isLetter).uppercased())
    }
}

/// Reads rows straight from the statement, without a row of GRDB's in between.
private final class ValuesCursor: DatabaseCursor {
    typealias Element = [SQLValue]

    let _statement: Statement
    var _isDone = false
    private let width: Int

    init(_ statement: Statement, width: Int) {
        _statement = statement
        self.width = width
    }

    func _element(sqliteStatement: SQLiteStatement) throws -> [SQLValue] {
        (0..<width).map { SQLValue(DatabaseValue(sqliteStatement: sqliteStatement, index: CInt($0))) }
    }
}
