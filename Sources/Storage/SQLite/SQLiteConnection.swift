import GRDB
import GRDBSQLite

/// A connection of ours upon GRDB's, with its compiled statements; confined to the thread that owns the connection.
///
/// GRDB opens, configures and closes the file. Statements go to SQLite directly: a booking is a dozen of them on the one thread that
/// writes, and the checks and copies of a general library would cost more there than SQLite's own work.
final class SQLiteConnection: SQLConnection {
    /// Statements that stay compiled. Texts vary with the length of lists, so there can be many: when full, all are dropped.
    private static let statementsMax = 512

    /// What begins, ends or divides a transaction.
    enum Control: String {
        case beginDeferred = "BEGIN DEFERRED"
        case beginImmediate = "BEGIN IMMEDIATE"
        case commit = "COMMIT"
        case rollback = "ROLLBACK"
        case openSavepoint = "SAVEPOINT job"
        case rollbackToSavepoint = "ROLLBACK TO job"
        case closeSavepoint = "RELEASE job"
    }

    private let handle: OpaquePointer
    private let isReadOnly: Bool
    private var statements: [StatementText: CompiledStatement] = [:]
    private var controls: [Control: CompiledStatement] = [:]

    /// - Parameter database: as GRDB hands it to a closure, and so open.
    init(_ database: GRDB.Database) {
        guard let handle = database.sqliteConnection else { preconditionFailure("GRDB hands out open connections") }
        self.handle = handle
        isReadOnly = sqlite3_db_readonly(handle, "main") == 1
    }

    /// There is one writer: its transaction is the lock.
    var hasRowLocks: Bool { false }

    /// Whether a transaction still stands: some errors end it without being asked.
    var isInsideTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Rows that were changed since the connection was opened, by whatever means.
    var changesTotal: Int64 { sqlite3_total_changes64(handle) }

    func query(_ sql: SQL) throws -> [Row] {
        let statement = try compiled(sql)
        var rows: [Row] = []
        try statement.run(sql.values) { rows.append($0) }
        return rows
    }

    @discardableResult
    func execute(_ sql: SQL) throws -> Int {
        try compiled(sql).run(sql.values)
        return Int(sqlite3_changes64(handle))
    }

    func post(_ sql: SQL) throws {
        try execute(sql)
    }

    func lock(_ rows: SQL) throws {}

    func lock(name: String) throws {}

    func insert(_ sql: SQL) throws -> Int64 {
        try execute(sql)
        return sqlite3_last_insert_rowid(handle)
    }

    /// Runs a statement that begins, ends or divides a transaction; only the engine may.
    func control(_ control: Control) throws {
        let statement = try controls[control] ?? CompiledStatement(control.rawValue, on: handle)
        controls[control] = statement
        try statement.run([])
    }

    private func compiled(_ sql: SQL) throws -> CompiledStatement {
        if let statement = statements[sql.text] { return statement }
        let text = sql.text.rendered { _ in "?" }
        guard StatementKind(text) != .other else { throw StorageError.forbiddenStatement }
        let statement = try CompiledStatement(text, on: handle)
        // A placeholder that somebody wrote out would take a value meant for another place. One check serves all runs: the text is the key.
        guard statement.placeholders == sql.values.count else {
            throw StorageError.statement("a value was written into the text of the statement")
        }
        guard !isReadOnly || statement.isReadOnly else { throw StorageError.forbiddenStatement }
        if statements.count >= Self.statementsMax { statements.removeAll(keepingCapacity: true) }
        statements[sql.text] = statement
        return statement
    }
}
