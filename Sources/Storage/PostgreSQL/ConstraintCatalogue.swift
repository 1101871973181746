import Synchronization

/// Which columns each unique constraint is about: PostgreSQL tells the name of the constraint alone.
final class ConstraintCatalogue: Sendable {
    private let columnsByConstraint = Mutex<[String: String]>([:])

    /// - Returns: `table.column, table.column`; nil for a constraint that came after the catalogue was read.
    func columns(of constraint: String) -> String? {
        columnsByConstraint.withLock { $0[constraint] }
    }

    /// - Throws: ``StorageError``.
    func load(over connection: some SQLConnection) throws {
        let rows = try connection.query(
            """
            SELECT constraint_class.relname::text AS name, string_agg(table_class.relname || '.' || attribute.attname, ', ' ORDER BY key.place)
                AS columns
            FROM pg_index
            JOIN pg_class constraint_class ON constraint_class.oid = pg_index.indexrelid
            JOIN pg_class table_class ON table_class.oid = pg_index.indrelid
            JOIN pg_namespace ON pg_namespace.oid = table_class.relnamespace
            CROSS JOIN LATERAL unnest(pg_index.indkey) WITH ORDINALITY AS key(number, place)
            JOIN pg_attribute attribute ON attribute.attrelid = table_class.oid AND attribute.attnum = key.number
            WHERE pg_index.indisunique AND pg_namespace.nspname = current_schema()
            GROUP BY constraint_class.relname
            """
        )
        let columns: [(String, String)] = try rows.map { (try $0["name"], try $0["columns"]) }
        columnsByConstraint.withLock { $0 = Dictionary(columns, uniquingKeysWith: { first, _ in first }) }
    }
}
