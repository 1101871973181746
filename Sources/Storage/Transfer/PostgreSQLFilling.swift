import Core
import GRDB

/// Fills a PostgreSQL database with everything that a SQLite file holds, in one transaction: all of it is there, the same on both sides, or
/// nothing was changed. The log's epoch and offsets come along as they are.
///
/// All of this waits: it is for a program of its own.
struct PostgreSQLFilling {
    let address: PostgreSQLAddress
    let time: any TimeSource
    /// Of all domains and of the storage itself.
    let migrations: [Migration]
    /// Whether what the database holds may go.
    let isReplacing: Bool
    let progress: SQLiteBackup.Progress

    /// - Parameter path: the file; nobody may write to it.
    /// - Returns: how many rows were written.
    /// - Throws: ``TransferError``, ``MigrationError``, ``StorageError``.
    func fill(from path: String) throws -> Int {
        let catalogue = ConstraintCatalogue()
        return try StorageError.translating(catalogue) {
            let connection = try PostgreSQLConnection(address, PostgreSQLTables.limits, catalogue, time: time)
            return try BackupFile.translatingErrors {
                let queue = try SQLiteFile.openForReading(path)
                let rows = try queue.read { try fill(over: connection, from: SQLiteTables($0, of: path), of: path) }
                try queue.close()
                return rows
            }
        }
    }

    private func fill(over connection: PostgreSQLConnection, from source: SQLiteTables, of path: String) throws -> Int {
        guard try MigrationPlan.pending(migrations, applied: source.migrations()).isEmpty else { throw TransferError.outdated(path) }
        try connection.script("BEGIN")
        try keepOthersOut(connection)
        try PostgreSQLMigrator.bringUpToDate(connection, migrations, time: time, randomBytes: Randomness.systemBytes)
        let target = PostgreSQLTables(over: connection)
        if !isReplacing {
            for table in source.outlines where try table.name != TableOutline.epoch && !target.isEmpty(table) {
                throw TransferError.notEmpty(address.description, table: table.name)
            }
        }
        try target.clear(source.outlines)
        let rows = try copy(source, to: target, over: connection)
        // Without figures on what the tables hold now the first statements would be planned for empty ones.
        try connection.script("ANALYZE")
        do {
            try connection.script("COMMIT")
        } catch is ConnectionLost {
            throw TransferError.outcomeUnknown(address.description)
        }
        return rows
    }

    /// Waits a moment for connections that are about to end.
    private func keepOthersOut(_ connection: PostgreSQLConnection) throws {
        do {
            try connection.script("SELECT pg_advisory_xact_lock(\(PostgreSQLSession.useLockNumber))")
        } catch let failure as PostgreSQLFailure where failure.isPassing {
            throw TransferError.inUse(address.description)
        }
    }

    private func copy(_ source: SQLiteTables, to target: PostgreSQLTables, over connection: PostgreSQLConnection) throws -> Int {
        var progress = TransferProgress(self.progress)
        let total = try source.outlines.reduce(0) { $0 + (try source.count(of: $1)) }
        var digests: [String: TableDigest] = [:]
        progress.begin("copying", rows: total)
        for table in source.outlines {
            var digest = TableDigest()
            try target.write(table) { append in
                try source.read(table) { row in
                    digest.add(row)
                    try append(row)
                    progress.step()
                }
            }
            digests[table.name] = digest
        }
        progress.end()
        // Foreign keys that are looked at in the end are looked at now: a table's numbering can't be changed before that.
        try connection.script("SET CONSTRAINTS ALL IMMEDIATE")
        for table in source.outlines where try target.isNumbered(table) {
            try target.continueNumbers(of: table, after: source.highestNumber(of: table))
        }
        progress.begin("comparing", rows: total)
        for table in source.outlines {
            var digest = TableDigest()
            try target.read(table) { row in
                digest.add(row)
                progress.step()
            }
            guard digest == digests[table.name] else { throw TransferError.differs(table: table.name) }
        }
        progress.end()
        return total
    }
}
