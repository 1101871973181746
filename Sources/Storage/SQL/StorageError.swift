/// What goes wrong between a statement and its table. A store catches what its own constraints say and turns it into the domain's refusal:
/// `catch StorageError.unique(let columns) where columns.contains("account.username")`. Whatever is left is an internal error.
///
/// Messages hold names of tables and columns, never values.
public enum StorageError: Error, Hashable {
    /// A unique constraint; the columns as `table.column, table.column`, or the name of the index.
    case unique(String)
    case foreignKey
    /// A `CHECK` constraint, by its name.
    case check(String)
    /// A column that must have a value, as `table.column`.
    case notNull(String)
    /// A trigger refused the change, with its message.
    case refused(String)
    /// `one` found nothing.
    case noRow
    /// The result has no such column.
    case noColumn(String)
    case typeMismatch(expected: String, found: String)
    /// The statement belongs to the engine: it would begin or end a transaction, or change the connection.
    case forbiddenStatement
    /// The database does not understand the statement.
    case statement(String)
    /// Another process serves this database.
    case inUse(path: String)
    /// The database can't be opened, read or written now: a full disk, an I/O error, a close.
    case unavailable(String)

    static func mismatch<Value>(_ type: Value.Type, _ value: SQLValue) -> Self {
        .typeMismatch(expected: String(describing: type), found: value.kind)
    }
}
