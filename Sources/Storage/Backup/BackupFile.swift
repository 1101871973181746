import Core
import Foundation
import GRDB
import Wire

/// The one form that a backup has, of whichever engine: a SQLite file, and its manifest beside it. So either engine restores either's.
enum BackupFile {
    /// What kind of file it is, whatever the database was.
    static let engine = "sqlite"
    private static let lockWaitSeconds = 5.0

    /// What was copied, in the one moment that the backup shows.
    struct Content {
        let epoch: String
        /// Of every table.
        let rows: [String: Int]
    }

    /// Makes a backup under a name of its own, checks it, and gives it its name and its manifest when it is whole.
    ///
    /// - Parameter copy: fills the file at the path; it exists and is empty.
    /// - Throws: ``BackupError``, ``StorageError``, and what the closure throws. Nothing is left then.
    static func make(
        at file: String, time: any TimeSource, _ progress: @escaping SQLiteBackup.Progress, copy: (_ path: String) throws -> Content
    ) throws -> BackupManifest {
        for path in [file, BackupManifest.path(for: file)] where FileManager.default.fileExists(atPath: path) {
            throw BackupError.exists(path)
        }
        let partial = file + ".partial"
        // Of a backup that was interrupted.
        try removePartial(partial)
        try PrivateFile.create(partial)
        do {
            let content = try copy(partial)
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
            try? removePartial(partial)
            throw error
        }
    }

    private static func removePartial(_ partial: String) throws {
        try PrivateFile.removeIfPresent(partial, partial + "-journal", partial + "-wal", partial + "-shm")
    }

    /// Whether a backup is whole and sound.
    ///
    /// - Throws: ``BackupError``, ``StorageError``.
    static func verify(_ file: String, progress: @escaping SQLiteBackup.Progress) throws -> BackupManifest {
        guard FileManager.default.fileExists(atPath: file) else { throw BackupError.notFound(file) }
        let manifest = try BackupManifest.read(for: file)
        guard manifest.engine == engine else { throw BackupError.differs("the engine") }
        let digest = try Self.digest(of: file, progress)
        guard digest.bytes == manifest.bytes else { throw BackupError.differs("the size") }
        guard digest.sha256 == manifest.sha256 else { throw BackupError.differs("the checksum") }
        try check(file, holds: manifest.rows, progress)
        return manifest
    }

    /// Whether SQLite finds the file sound, and all rows are there.
    ///
    /// - Parameter rows: of every table; nil where nobody has counted them.
    /// - Throws: ``BackupError``, ``StorageError``.
    static func check(_ path: String, holds rows: [String: Int]?, _ progress: @escaping SQLiteBackup.Progress) throws {
        progress("checking", 0, 1)
        try translatingErrors {
            let queue = try DatabaseQueue(path: path, configuration: configuration(readonly: true))
            try queue.inDatabase { database in
                let finding = try String.fetchOne(database, sql: "PRAGMA integrity_check(1)") ?? "no answer"
                guard finding == "ok" else { throw BackupError.corrupt(finding) }
                if let table = try String.fetchOne(database, sql: "PRAGMA foreign_key_check") {
                    throw BackupError.corrupt("a row of \(table) refers to nothing")
                }
                guard try rows == nil || rowCounts(in: database) == rows else { throw BackupError.differs("the number of rows") }
            }
            try queue.close()
        }
        progress("checking", 1, 1)
    }

    static func rowCounts(in database: GRDB.Database) throws -> [String: Int] {
        let tables = try String.fetchAll(
            database, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
        return try Dictionary(
            uniqueKeysWithValues: tables.map { table in
                (table, try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM \(table.quotedDatabaseIdentifier)") ?? 0)
            }
        )
    }

    private static func digest(
        of path: String, _ progress: @escaping SQLiteBackup.Progress
    ) throws -> (bytes: Int, sha256: String) {
        let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
        return try PrivateFile.digest(of: path) { progress("summing", $0, size) }
    }

    static func configuration(readonly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readonly
        configuration.busyMode = .timeout(lockWaitSeconds)
        return configuration
    }

    /// - Throws: ``BackupError/corrupt(_:)`` and ``StorageError`` for SQLite's errors, and the others as they are.
    static func translatingErrors<Result>(_ body: () throws -> Result) throws -> Result {
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
