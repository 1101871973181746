import Core
import Foundation

/// A copy of a backup that is brought up to date and begins a new life of the log, while the backup stays as it is.
enum StagedBackup {
    /// Makes the copy.
    ///
    /// - Parameter path: where it will be; nothing of it is left behind by ``remove(_:)``.
    /// - Throws: ``MigrationError`` for a backup of a newer release, ``StorageError``, ``DatabaseUnavailable``.
    static func make(of file: String, at path: String, time: any TimeSource, migrations: [Migration]) async throws {
        try remove(path)
        try PrivateFile.create(path)
        let source = try FileHandle(forReadingFrom: URL(filePath: file))
        let destination = try FileHandle(forWritingTo: URL(filePath: path))
        while let chunk = try source.read(upToCount: 1 << 20), !chunk.isEmpty { try destination.write(contentsOf: chunk) }
        try source.close()
        try destination.close()

        let database = try Database.open(sqlite: path, time: time, committed: NobodyListens(), migrations: migrations)
        do {
            try await database.rotateEpoch()
        } catch {
            await database.close()
            throw error
        }
        await database.close()
        // All of it is in the one file that is moved, or the epoch would be left behind.
        let log = try? FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int
        guard log ?? 0 == 0 else { throw StorageError.unavailable("the log of \(path) can't be folded into it") }
        try PrivateFile.synchronize(path)
    }

    /// - Throws: ``StorageError/unavailable(_:)``.
    static func remove(_ path: String) throws {
        try PrivateFile.removeIfPresent(path, path + "-wal", path + "-shm", path + ".lock")
    }

    private struct NobodyListens: CommittedEvents {
        func committed(_ events: [CommittedEvent]) {}
    }
}
