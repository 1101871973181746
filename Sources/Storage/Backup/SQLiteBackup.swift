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

    static let engine = "sqlite"
    private static let lockWaitSeconds = 5.0
    private static let pagesPerStep: CInt = 1_024

    /// Makes a backup and its manifest, and checks both.
    ///
    /// - Parameters:
    ///   - path: the database.
    ///   - file: where the backup will be; it appears there when it is whole.
    /// - Throws: ``BackupError``, ``StorageError``.
    public static func make(of path: String, to file: String, time: any TimeSource, progress: @escaping Progress) throws -> BackupManifest {
        guard FileManager.default.fileExists(atPath: path) else { throw BackupError.notFound(path) }
        for path in [file, BackupManifest.path(for: file)] where FileManager.default.fileExists(atPath: path) {
            throw BackupError.exists(path)
        }
        let partial = file + ".partial"
        // Of a backup that was interrupted.
        try PrivateFile.removeIfPresent(partial, partial + "-journal")
        try PrivateFile.create(partial)
        do {
            let content = try copy(path, to: partial, progress)
            try check(partial, holds: content.rows, progress)
            try PrivateFile.synchronize(partial)
            let digest = try Self.digest(of: partial, progress)
            let manifest = BackupManifest(
                format: BackupManifest.formatSupported, engine: engine, createdAt: time.now, epoch: content.epoch, bytes: digest.bytes,
                sha256: digest.sha256, rows: content.rows
            )
            try manifest.write(for: file)
            try PrivateFile.move(partial, to: file)
            return manifest
        } catch {
            try? PrivateFile.removeIfPresent(partial, partial + "-journal")
            throw error
        }
    }

    /// Whether a backup is whole and sound.
    ///
    /// - Throws: ``BackupError``, ``StorageError``.
    public static func verify(_ file: String, progress: @escaping Progress) throws -> BackupManifest {
        guard FileManager.default.fileExists(atPath: file) else { throw BackupError.notFound(file) }
        let manifest = try BackupManifest.read(for: file)
        guard manifest.engine == engine else { throw BackupError.differs("the engine") }
        let digest = try digest(of: file, progress)
        guard digest.bytes == manifest.bytes else { throw BackupError.differs("the size") }
        guard digest.sha256 == manifest.sha256 else { throw BackupError.differs("the checksum") }
        try check(file, holds: manifest.rows, progress)
        return manifest
    }

    private static func copy(
        _ path: String, to partial: String, _ progress: @escaping Progress
    ) throws -> (epoch: String, rows: [String: Int]) {
        try translatingErrors {
            let source = try DatabaseQueue(path: path, configuration: configuration(readonly: true))
            let destination = try DatabaseQueue(path: partial, configuration: configuration(readonly: false))
            // The first statement begins the snapshot that the backup then stays in.
            let content = try source.read { database in
                let epoch = try String.fetchOne(database, sql: "SELECT value FROM epoch") ?? ""
                let rows = try rowCounts(in: database)
                try destination.writeWithoutTransaction { copy in
                    try database.backup(to: copy, pagesPerStep: pagesPerStep) { step in
                        progress("copying", step.completedPageCount, step.totalPageCount)
                    }
                    // One file, without a log beside it.
                    try copy.execute(sql: "PRAGMA journal_mode = DELETE")
                }
                return (epoch, rows)
            }
            try source.close()
            try destination.close()
            return content
        }
    }

    /// Whether SQLite finds the file sound, and all rows are there.
    private static func check(_ path: String, holds rows: [String: Int], _ progress: @escaping Progress) throws {
        progress("checking", 0, 1)
        try translatingErrors {
            let queue = try DatabaseQueue(path: path, configuration: configuration(readonly: true))
            try queue.inDatabase { database in
                let finding = try String.fetchOne(database, sql: "PRAGMA integrity_check(1)") ?? "no answer"
                guard finding == "ok" else { throw BackupError.corrupt(finding) }
                if let table = try String.fetchOne(database, sql: "PRAGMA foreign_key_check") {
                    throw BackupError.corrupt("a row of \(table) refers to nothing")
                }
                guard try rowCounts(in: database) == rows else { throw BackupError.differs("the number of rows") }
            }
            try queue.close()
        }
        progress("checking", 1, 1)
    }

    private static func rowCounts(in database: GRDB.Database) throws -> [String: Int] {
        let tables = try String.fetchAll(
            database, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
        return try Dictionary(
            uniqueKeysWithValues: tables.map { table in
                (table, try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM \(table.quotedDatabaseIdentifier)") ?? 0)
            }
        )
    }

    private static func digest(of path: String, _ progress: @escaping Progress) throws -> (bytes: Int, sha256: String) {
        let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
        return try PrivateFile.digest(of: path) { progress("summing", $0, size) }
    }

    private static func configuration(readonly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readonly
        configuration.busyMode = .timeout(lockWaitSeconds)
        return configuration
    }

    private static func translatingErrors<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DatabaseError {
            switch error.resultCode {
            case .SQLITE_CORRUPT, .SQLITE_NOTADB: throw BackupError.corrupt(error.message ?? "no message")
            default: throw StorageError(error)
            }
        }
    }
}
