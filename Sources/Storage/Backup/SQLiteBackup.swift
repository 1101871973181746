import Core
import Foundation
import GRDB
import Wire

/// Copies a SQLite database into one file, while a server serves it or not.
///
/// The copy is of one moment: SQLite's own backup reads page by page within one snapshot, and what is committed meanwhile stands in the log
/// behind it. The server waits for nothing; its log only grows by what is written until the copy is done. Everything here waits for the disk:
/// it is for a program of its own.
public enum SQLiteBackup {
    /// How far it is: what is being done, and how much of it.
    public typealias Progress = @Sendable (_ stage: String, _ done: Int, _ total: Int) -> Void

    private static let pagesPerStep: CInt = 1_024

    /// Makes a backup and its manifest, and checks both.
    ///
    /// - Parameters:
    ///   - path: the database.
    ///   - file: where the backup will be; it appears there when it is whole.
    /// - Throws: ``BackupError``, ``StorageError``.
    public static func make(of path: String, to file: String, time: any TimeSource, progress: @escaping Progress) throws -> BackupManifest {
        guard FileManager.default.fileExists(atPath: path) else { throw BackupError.notFound(path) }
        return try BackupFile.make(at: file, time: time, progress) { try copy(path, to: $0, progress) }
    }

    private static func copy(_ path: String, to partial: String, _ progress: @escaping Progress) throws -> BackupFile.Content {
        try BackupFile.translatingErrors {
            let source = try DatabaseQueue(path: path, configuration: BackupFile.configuration(readonly: true))
            let destination = try DatabaseQueue(path: partial, configuration: BackupFile.configuration(readonly: false))
            // The first statement begins the snapshot that the backup then stays in.
            let content = try source.read { database in
                let epoch = try String.fetchOne(database, sql: "SELECT value FROM epoch") ?? ""
                let rows = try BackupFile.rowCounts(in: database)
                try destination.writeWithoutTransaction { copy in
                    try database.backup(to: copy, pagesPerStep: pagesPerStep) { step in
                        progress("copying", step.completedPageCount, step.totalPageCount)
                    }
                    // One file, without a log beside it.
                    try copy.execute(sql: "PRAGMA journal_mode = DELETE")
                }
                return BackupFile.Content(epoch: epoch, rows: rows)
            }
            try source.close()
            try destination.close()
            return content
        }
    }
}
