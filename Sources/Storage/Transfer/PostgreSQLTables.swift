import CPostgreSQL

/// All tables of a PostgreSQL database, to be read or written as a whole, in whatever transaction the connection is in.
struct PostgreSQLTables {
    /// Has no limit but the database's own: a table is one statement. Who is in the way is given a moment to leave.
    static let limits = {
        var limits = PostgreSQLLimits()
        limits.statementTimeout = .zero
        limits.idleInTransactionTimeout = .zero
        return limits
    }()

    private let session: PostgreSQLSession

    init(over connection: PostgreSQLConnection) {
        session = connection.session
    }

    /// The columns that both engines have, in the outline's order.
    ///
    /// - Throws: ``TransferError/unknownShape(table:)``, ``PostgreSQLFailure``, ``ConnectionLost``.
    func columns(of table: TableOutline) throws -> [CopyColumn] {
        let rows = try session.rows(
            """
            SELECT attname::text AS name, atttypid::bigint AS type FROM pg_attribute
            WHERE attrelid = to_regclass(\(literal(table))) AND attnum > 0 AND NOT attisdropped
            """
        )
        var types: [String: Oid] = [:]
        for row in rows { types[try row["name"]] = Oid(truncatingIfNeeded: try row["type"] as Int) }
        for column in Dialect.postgresql.ownColumns[table.name] ?? [] { types[column] = nil }
        guard Set(types.keys) == Set(table.columns) else { throw TransferError.unknownShape(table: table.name) }
        return table.columns.map { CopyColumn(table: table.name, name: $0, type: types[$0] ?? PostgreSQLType.unknown) }
    }

    /// - Throws: ``PostgreSQLFailure``, ``ConnectionLost``.
    func count(of table: TableOutline) throws -> Int {
        try session.rows("SELECT COUNT(*) AS count FROM \(table.name.quotedIdentifier)").first?["count"] ?? 0
    }

    /// - Throws: ``PostgreSQLFailure``, ``ConnectionLost``.
    func isEmpty(_ table: TableOutline) throws -> Bool {
        try session.rows("SELECT 1 FROM \(table.name.quotedIdentifier) LIMIT 1").isEmpty
    }

    /// Removes every row of the tables, also of those that are only ever added to.
    ///
    /// - Throws: ``PostgreSQLFailure``, ``ConnectionLost``.
    func clear(_ tables: [TableOutline]) throws {
        let names = tables.map(\.name.quotedIdentifier)
        for name in names { try session.execute("ALTER TABLE \(name) DISABLE TRIGGER USER") }
        try session.execute("TRUNCATE \(names.joined(separator: ", "))")
        for name in names { try session.execute("ALTER TABLE \(name) ENABLE TRIGGER USER") }
    }

    /// Writes a whole table.
    ///
    /// - Parameter body: gets a function that takes a row.
    /// - Throws: ``PostgreSQLFailure``, ``ConnectionLost``, ``TransferError/doesNotFit(column:)``, and what the body throws.
    func write(_ table: TableOutline, _ body: (_ append: ([SQLValue]) throws -> Void) throws -> Void) throws {
        let columns = try columns(of: table)
        try session.copyIn("COPY \(table.name.quotedIdentifier) (\(list(columns))) FROM STDIN (FORMAT binary)") { send in
            try withoutActuallyEscaping(send) { send in
                var encoder = CopyEncoder(columns, send: send)
                try body { try encoder.append($0) }
                try encoder.end()
            }
        }
    }

    /// Reads a whole table, row by row, in no order.
    ///
    /// - Throws: ``PostgreSQLFailure``, ``ConnectionLost``, and what the body throws, after which the connection is of no use.
    func read(_ table: TableOutline, _ body: ([SQLValue]) throws -> Void) throws {
        let columns = try columns(of: table)
        var decoder = CopyDecoder(columns)
        try session.copyOut("COPY (SELECT \(list(columns)) FROM \(table.name.quotedIdentifier)) TO STDOUT (FORMAT binary)") { piece in
            try decoder.read(piece, body)
        }
        guard decoder.hasEnded else { throw StorageError.statement("the rows of \(table.name) have no end") }
    }

    /// Whether the database numbers the table's rows.
    ///
    /// - Throws: ``PostgreSQLFailure``, ``ConnectionLost``.
    func isNumbered(_ table: TableOutline) throws -> Bool {
        let rows = try session.rows(
            "SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass(\(literal(table))) AND attname = 'id' AND attidentity <> ''")
        return !rows.isEmpty
    }

    /// The highest number that was ever given to a row. A sequence that was restarted and not used since says which is next.
    ///
    /// - Throws: ``PostgreSQLFailure``, ``ConnectionLost``.
    func highestNumber(of table: TableOutline) throws -> Int64 {
        let names = try session.rows("SELECT pg_get_serial_sequence(\(literal(table)), 'id') AS name")
        guard let name: String = try names.first?["name"] else { return 0 }
        let rows = try session.rows("SELECT last_value - CASE WHEN is_called THEN 0 ELSE 1 END AS number FROM \(name)")
        return try rows.first?["number"] ?? 0
    }

    /// Makes the next row's number a higher one; taken back with the transaction, unlike what `setval` does.
    ///
    /// - Throws: ``PostgreSQLFailure``, ``ConnectionLost``.
    func continueNumbers(of table: TableOutline, after number: Int64) throws {
        try session.execute("ALTER TABLE \(table.name.quotedIdentifier) ALTER COLUMN id RESTART WITH \(number + 1)")
    }

    private func list(_ columns: [CopyColumn]) -> String {
        columns.map(\.name.quotedIdentifier).joined(separator: ", ")
    }

    /// The table's name as a text in SQL.
    private func literal(_ table: TableOutline) -> String {
        "'" + table.name.quotedIdentifier.replacing("'", with: "''") + "'"
    }
}
