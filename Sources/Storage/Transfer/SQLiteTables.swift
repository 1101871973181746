import GRDB

/// All tables of a SQLite file, to be read or written row by row. Good within the closure that GRDB calls with the connection.
struct SQLiteTables {
    /// What is referred to comes first.
    let outlines: [TableOutline]
    private let database: GRDB.Database
    private let handle: OpaquePointer

    /// - Throws: ``TransferError/noInstallation(_:)``, ``TransferError/unknownShape(table:)``, ``StorageError``.
    init(_ database: GRDB.Database, of path: String) throws {
        guard let handle = database.sqliteConnection else { throw StorageError.unavailable("the connection is closed") }
        self.database = database
        self.handle = handle
        let names = try String.fetchAll(
            database, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name")
        guard names.contains(TableOutline.own), names.contains(TableOutline.epoch) else { throw TransferError.noInstallation(path) }
        outlines = try names.filter { $0 != TableOutline.own }.map { try Self.outline(of: $0, in: database) }.inOrderOfReference()
    }

    private static func outline(of table: String, in database: GRDB.Database) throws -> TableOutline {
        let own = Dialect.sqlite.ownColumns[table] ?? []
        let columns = try String.fetchAll(database, sql: "SELECT name FROM pragma_table_info(?) ORDER BY cid", arguments: [table])
        let references = try String.fetchSet(database, sql: "SELECT \"table\" FROM pragma_foreign_key_list(?)", arguments: [table])
        return TableOutline(
            name: table, columns: columns.filter { !own.contains($0) }, references: references.subtracting([table])
        )
    }

    /// Which migrations the file has, by number.
    func migrations() throws -> [Int: String] {
        let rows = try GRDB.Row.fetchAll(database, sql: "SELECT number, name FROM migration")
        return Dictionary(rows.map { ($0["number"], $0["name"]) }) { first, _ in first }
    }

    /// - Throws: ``StorageError``.
    func epoch() throws -> String {
        try String.fetchOne(database, sql: "SELECT value FROM epoch") ?? ""
    }

    /// - Throws: ``StorageError``.
    func count(of table: TableOutline) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM \(table.name.quotedIdentifier)") ?? 0
    }

    /// Reads every row, one at a time.
    ///
    /// - Throws: ``StorageError``, and what the body throws.
    func read(_ table: TableOutline, _ body: ([SQLValue]) throws -> Void) throws {
        let columns = table.columns.map(\.quotedIdentifier).joined(separator: ", ")
        let statement = try CompiledStatement("SELECT \(columns) FROM \(table.name.quotedIdentifier)", on: handle)
        try statement.run([]) { try body($0.values) }
    }

    /// A function that writes one row.
    ///
    /// - Throws: ``StorageError``.
    func insertion(into table: TableOutline) throws -> ([SQLValue]) throws -> Void {
        let columns = table.columns.map(\.quotedIdentifier).joined(separator: ", ")
        let places = table.columns.map { _ in "?" }.joined(separator: ", ")
        let statement = try CompiledStatement(
            "INSERT INTO \(table.name.quotedIdentifier) (\(columns)) VALUES (\(places))", on: handle)
        return { try statement.run($0) }
    }

    /// The highest number that the table has ever given to a row, as far as it remembers: some remember those of rows that are gone.
    ///
    /// - Throws: ``StorageError``.
    func highestNumber(of table: TableOutline) throws -> Int64 {
        let present = try Int64.fetchOne(database, sql: "SELECT MAX(id) FROM \(table.name.quotedIdentifier)") ?? 0
        guard try remembersNumbers() else { return present }
        let given = try Int64.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence WHERE name = ?", arguments: [table.name]) ?? 0
        return max(present, given)
    }

    /// Makes the next row's number a higher one, where the table remembers numbers at all; the others go on behind their last row.
    ///
    /// - Throws: ``StorageError``.
    func continueNumbers(of table: TableOutline, after number: Int64) throws {
        let definition = try String.fetchOne(database, sql: "SELECT sql FROM sqlite_schema WHERE name = ?", arguments: [table.name]) ?? ""
        guard definition.contains("AUTOINCREMENT") else { return }
        try database.execute(sql: "DELETE FROM sqlite_sequence WHERE name = ?", arguments: [table.name])
        try database.execute(sql: "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", arguments: [table.name, number])
    }

    private func remembersNumbers() throws -> Bool {
        try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence')") ?? false
    }
}
