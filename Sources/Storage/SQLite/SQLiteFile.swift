import Foundation
import GRDB

/// Opens connections with the settings that the promises rest on.
enum SQLiteFile {
    /// How long a connection waits for another's lock. Within one server only a checkpoint holds one for long.
    private static let lockWaitSeconds = 5.0
    /// Pages of the log between checkpoints: 32 MiB. A smaller log would be copied, and synced, many times a second under load; a larger one
    /// takes longer to read after a crash.
    private static let checkpointPages = 8_000
    /// What stays of the log's file after a checkpoint.
    private static let logBytesMax = 64 << 20
    /// Pages in the memory of a connection.
    private static let cacheKiB = 64 << 10

    static func openForWriting(_ path: String) throws -> DatabaseQueue {
        try createPrivately(path)
        var configuration = Configuration()
        configuration.label = "ringside.writer"
        configuration.busyMode = .timeout(lockWaitSeconds)
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase { database in
            // Durable means that the commit has reached the disk: FULL syncs the log at every commit, NORMAL only at checkpoints.
            // Without recursive triggers an `INSERT OR REPLACE` would get round the triggers that keep the audit trail.
            try database.execute(
                sql: """
                    PRAGMA journal_mode = WAL;
                    PRAGMA synchronous = FULL;
                    PRAGMA recursive_triggers = ON;
                    PRAGMA temp_store = MEMORY;
                    PRAGMA cache_size = -\(cacheKiB);
                    PRAGMA wal_autocheckpoint = \(checkpointPages);
                    PRAGMA journal_size_limit = \(logBytesMax);
                    """
            )
        }
        return try opening(path) {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.inDatabase { try verifyDurability($0) }
            return queue
        }
    }

    static func openForReading(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "ringside.reader"
        configuration.busyMode = .timeout(lockWaitSeconds)
        configuration.readonly = true
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -\(cacheKiB);")
        }
        return try opening(path) { try DatabaseQueue(path: path, configuration: configuration) }
    }

    /// What the connection says of itself counts: a file system without shared memory, for one, silently keeps another journal.
    private static func verifyDurability(_ database: GRDB.Database) throws {
        let journal = try String.fetchOne(database, sql: "PRAGMA journal_mode")
        let synchronous = try Int.fetchOne(database, sql: "PRAGMA synchronous")
        let foreignKeys = try Int.fetchOne(database, sql: "PRAGMA foreign_keys")
        guard journal == "wal", synchronous == 2, foreignKeys == 1 else {
            throw StorageError.unavailable("SQLite refuses write-ahead logging, full synchronisation or foreign keys")
        }
    }

    /// The file holds people's data: nobody but the owner of the process may read it. The files beside it take over its mode.
    private static func createPrivately(_ path: String) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StorageError.unavailable("can't open \(path): \(String(cString: strerror(errno)))") }
        close(descriptor)
    }

    private static func opening<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw StorageError.unavailable("can't open \(path): \(error.message ?? "no message")")
        }
    }
}
