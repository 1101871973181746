import Core
import Foundation

/// Carries a whole installation from a SQLite file over to PostgreSQL.
public enum InstallationMove {
    /// Copies everything, or nothing. The file stays as it is and is locked meanwhile, so that no server writes to it any more. The log goes on:
    /// its epoch and offsets are the same there, and clients resume.
    ///
    /// Waits for the disk and the database: for a program of its own.
    ///
    /// - Parameters:
    ///   - path: the file, of this release.
    ///   - address: an empty database, with or without the tables.
    ///   - migrations: of the domains.
    /// - Returns: how many rows were copied.
    /// - Throws: ``BackupError/notFound(_:)``, ``BackupError/corrupt(_:)``, ``TransferError``, ``MigrationError``, ``StorageError``.
    public static func carry(
        sqlite path: String, to address: PostgreSQLAddress, time: any TimeSource, migrations: [Migration],
        progress: @escaping SQLiteBackup.Progress
    ) throws -> Int {
        guard FileManager.default.fileExists(atPath: path) else { throw BackupError.notFound(path) }
        let lock = try lock(path)
        defer { lock.release() }
        try BackupFile.check(path, holds: nil, progress)
        let filling = PostgreSQLFilling(
            address: address, time: time, migrations: StorageSchema.migrations + migrations, isReplacing: false, progress: progress)
        return try filling.fill(from: path)
    }

    private static func lock(_ path: String) throws -> FileLock {
        do {
            return try FileLock(path: path)
        } catch StorageError.inUse(let path) {
            throw TransferError.inUse(path)
        }
    }
}
