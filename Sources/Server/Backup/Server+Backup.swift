import Core
import Storage

extension Server {
    /// How far a backup or a restore is: what is being done, and how much of it.
    public typealias BackupProgress = SQLiteBackup.Progress

    /// Copies a database into a file, while it is served or not. Either engine restores either's. Waits for the disk: for a program of its own.
    ///
    /// - Returns: what the backup holds; it lies beside the file, too.
    /// - Throws: `BackupError`, `StorageError`, `TransferError`.
    public static func backup(_ location: DatabaseLocation, to file: String, progress: @escaping BackupProgress) throws -> BackupManifest {
        switch location {
        case .sqlite(let path): try SQLiteBackup.make(of: path, to: file, time: SystemTime(), progress: progress)
        case .postgreSQL(let address):
            try PostgreSQLBackup.make(
                of: address, to: file, time: SystemTime(), migrations: Database.domainMigrations, progress: progress)
        }
    }

    /// Puts a backup in a database's place; clients that come back learn from the new epoch that they have to read a snapshot.
    ///
    /// - Throws: `BackupError`, `StorageError` or `TransferError` while a server serves the database, `MigrationError` for a backup of a newer
    ///   release.
    public static func restore(
        _ file: String, to location: DatabaseLocation, isReplacing: Bool, progress: @escaping BackupProgress
    ) async throws -> BackupManifest {
        switch location {
        case .sqlite(let path):
            try await SQLiteRestore.restore(
                file, to: path, isReplacing: isReplacing, time: SystemTime(), migrations: Database.domainMigrations, progress: progress
            )
        case .postgreSQL(let address):
            try await PostgreSQLRestore.restore(
                file, to: address, isReplacing: isReplacing, time: SystemTime(), migrations: Database.domainMigrations, progress: progress
            )
        }
    }
}
