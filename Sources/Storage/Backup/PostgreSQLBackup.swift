import Core
import GRDB

/// Copies a PostgreSQL database into a backup, while servers serve it or not.
///
/// The copy is of one moment: everything is read in one snapshot. Nobody waits for it; the database only keeps what is removed until it is
/// done. All of this waits: it is for a program of its own.
public enum PostgreSQLBackup {
    /// Makes a backup and its manifest, and checks both: what was written is read again and compared, row by row, with what was read.
    ///
    /// - Parameters:
    ///   - file: where the backup will be; it appears there when it is whole.
    ///   - migrations: of the domains; the storage's own are added.
    /// - Throws: ``BackupError``, ``TransferError``, ``MigrationError`` for a database of a newer release, ``StorageError``.
    public static func make(
        of address: PostgreSQLAddress, to file: String, time: any TimeSource, migrations: [Migration],
        progress: @escaping SQLiteBackup.Progress
    ) throws -> BackupManifest {
        let catalogue = ConstraintCatalogue()
        return try BackupFile.make(at: file, time: time, progress) { path in
            try StorageError.translating(catalogue) {
                let connection = try PostgreSQLConnection(address, PostgreSQLTables.limits, catalogue, time: time)
                return try copy(connection, of: address, to: path, time, StorageSchema.migrations + migrations, progress)
            }
        }
    }

    private static func copy(
        _ connection: PostgreSQLConnection, of address: PostgreSQLAddress, to path: String, _ time: any TimeSource,
        _ migrations: [Migration], _ progress: @escaping SQLiteBackup.Progress
    ) throws -> BackupFile.Content {
        try connection.script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try expectUpToDate(connection, of: address, migrations)
        return try BackupFile.translatingErrors {
            let queue = try SQLiteFile.openForWriting(path)
            try SQLiteMigrator.migrate(queue, migrations, time: time, randomBytes: Randomness.systemBytes)
            let content = try queue.inDatabase { database in
                // One file, without a log beside it. It is looked at as a whole and synced once it is full; until then it has no name.
                try database.execute(sql: "PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF")
                let copied = try SQLiteTables(database, of: path)
                try database.inTransaction(.immediate) {
                    try database.execute(sql: "DELETE FROM epoch")
                    try copy(PostgreSQLTables(over: connection), to: copied, progress)
                    return .commit
                }
                return BackupFile.Content(epoch: try copied.epoch(), rows: try BackupFile.rowCounts(in: database))
            }
            try queue.close()
            return content
        }
    }

    private static func expectUpToDate(
        _ connection: PostgreSQLConnection, of address: PostgreSQLAddress, _ migrations: [Migration]
    ) throws {
        guard try !connection.session.rows("SELECT 1 WHERE to_regclass('migration') IS NOT NULL").isEmpty else {
            throw TransferError.noInstallation(address.description)
        }
        let pending = try MigrationPlan.pending(migrations, applied: PostgreSQLMigrator.applied(over: connection))
        guard pending.isEmpty else { throw TransferError.outdated(address.description) }
    }

    private static func copy(_ source: PostgreSQLTables, to copied: SQLiteTables, _ tell: @escaping SQLiteBackup.Progress) throws {
        var progress = TransferProgress(tell)
        let total = try copied.outlines.reduce(0) { $0 + (try source.count(of: $1)) }
        var digests: [String: TableDigest] = [:]
        progress.begin("copying", rows: total)
        for table in copied.outlines {
            var digest = TableDigest()
            let insert = try copied.insertion(into: table)
            try source.read(table) { row in
                digest.add(row)
                try insert(row)
                progress.step()
            }
            digests[table.name] = digest
            if try source.isNumbered(table) { try copied.continueNumbers(of: table, after: source.highestNumber(of: table)) }
        }
        progress.end()
        progress.begin("comparing", rows: total)
        for table in copied.outlines {
            var digest = TableDigest()
            try copied.read(table) { row in
                digest.add(row)
                progress.step()
            }
            guard digest == digests[table.name] else { throw TransferError.differs(table: table.name) }
        }
        progress.end()
    }
}
