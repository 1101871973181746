import Core
import Foundation
import GRDB

/// Puts a backup in the place of a database.
public enum SQLiteRestore {
    /// Verifies the backup, brings a copy of it up to date, gives its log a new epoch, and only then puts it in the database's place, in one
    /// step. Until that step nothing is changed; a failure before it leaves the old database as it was.
    ///
    /// - Parameters:
    ///   - file: the backup, which stays as it is.
    ///   - path: the database; no server may serve it.
    ///   - isReplacing: whether a database that is there may go.
    ///   - migrations: of the domains.
    /// - Throws: ``BackupError``, ``StorageError/inUse(path:)``, ``MigrationError``, ``StorageError``, ``DatabaseUnavailable``.
    public static func restore(
        _ file: String, to path: String, isReplacing: Bool, time: any TimeSource, migrations: [Migration],
        progress: @escaping SQLiteBackup.Progress
    ) async throws -> BackupManifest {
        if !isReplacing, FileManager.default.fileExists(atPath: path) { throw BackupError.exists(path) }
        let manifest = try BackupFile.verify(file, progress: progress)
        // Held until all is done: no server starts on a database that is about to be another.
        let lock = try FileLock(path: path)
        defer { lock.release() }
        // Beside the one that it will replace, so that the last step is within one file system.
        let staged = path + ".restoring"
        do {
            try await StagedBackup.make(of: file, at: staged, time: time, migrations: migrations)
            try foldLog(of: path)
            try PrivateFile.move(staged, to: path)
        } catch {
            try? StagedBackup.remove(staged)
            throw error
        }
        try StagedBackup.remove(staged)
        progress("restored", 1, 1)
        return manifest
    }

    /// A log that stays behind would be taken for the new database's own. What it holds goes into the old file first, so that an interruption
    /// here loses nothing; a file that can't be read any more is replaced as it is.
    private static func foldLog(of path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        do {
            let queue = try DatabaseQueue(path: path)
            _ = try queue.inDatabase { try $0.checkpoint(.truncate) }
            try queue.close()
        } catch let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode) {
        } catch {
            throw StorageError(error)
        }
        try PrivateFile.removeIfPresent(path + "-wal", path + "-shm")
    }
}
