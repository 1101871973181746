import GRDB

/// A connection of ours upon GRDB's, with its compiled statements; confined to the thread that owns the connection.
///
/// GRDB opens, configures and closes the file. Statements go to SQLite directly: a booking is a dozen of them on the one thread that
/// writes, and the checks and copies of a general library would cost more there than SQLite's own work.
final class SQLiteConnection: SQLConnection {
    /// Statements that stay compiled. Texts vary with the length of lists, so there can be many: when full, all are dropped.
    private static let statementsMax = 512

    private let database: GRDB.Database
    private var statements: [StatementKey: CompiledStatement] = [:]
    private var controls: [String: CompiledStatement] = [:]

    init(_ database: GRDB.Database) {
        self.database = database
    }

    /// There is one writer: its transaction is the lock.
    var hasRowLocks: Bool { false }

    /// Whether a transaction still stands: some errors end it without being asked.
    var isInsideTransaction: Bool { database.isInsideTransaction }

    func query(_ sql: SQL) throws -> [Row] {
        let statement = try compiled(sql)
        var rows: [Row] = []
        try statement.run(sql.values) { rows.append($0) }
        return rows
    }

    @discardableResult
    func execute(_ sql: SQL) throws -> Int {
        try compiled(sql).run(sql.values) { _ in }
        return database.changesCount
    }

    func insert(_ sql: SQL) throws -> Int64 {
        try execute(sql)
        return database.lastInsertedRowID
    }

    /// Runs a statement that begins, ends or divides a transaction; only the engine may.
    func control(_ text: String) throws {
        let statement = try controls[text] ?? CompiledStatement(text, on: database)
        controls[text] = statement
        try statement.run([]) { _ in }
    }

    private func compiled(_ sql: SQL) throws -> CompiledStatement {
        let key = StatementKey(fragments: sql.fragments)
        if let statement = statements[key] { return statement }
        guard sql.isDataStatement else { throw StorageError.forbiddenStatement }
        let statement = try CompiledStatement(sql.fragments.joined(separator: "?"), on: database)
        // A placeholder that somebody wrote out would take a value meant for another place. One check serves all runs: the text is the key.
        guard statement.placeholders == sql.values.count else {
            throw StorageError.statement("a value was written into the text of the statement")
        }
        if statements.count >= Self.statementsMax { statements.removeAll(keepingCapacity: true) }
        statements[key] = statement
        return statement
    }
}

/// The text of a statement as a key. The lengths of its parts tell almost all statements apart and cost nothing, where hashing the text costs
/// as much as running it; equal keys are still compared in full, and parts that are the same literal are equal at a glance.
private struct StatementKey: Hashable {
    let fragments: [String]

    func hash(into hasher: inout Hasher) {
        for fragment in fragments { hasher.combine(fragment.utf8.count) }
    }
}

extension SQL {
    private static let dataKeywords: Set<String> = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "VALUES"]

    /// Whether the statement reads or changes rows. Anything else could end the transaction that others share.
    fileprivate var isDataStatement: Bool {
        Self.dataKeywords.contains(fragments[0].drop(while: \.isWhitespace).prefix(while: \.isLetter).uppercased())
    }
}
