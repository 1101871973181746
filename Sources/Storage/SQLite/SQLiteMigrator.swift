import Core
import GRDB
import Wire

/// Brings the schema of a file up to date, all of it or nothing.
enum SQLiteMigrator {
    /// - Throws: ``MigrationError``, ``StorageError``.
    static func migrate(
        _ queue: DatabaseQueue, _ migrations: [Migration], time: any TimeSource, randomBytes: (_ count: Int) -> [UInt8]
    ) throws {
        do {
            try queue.inTransaction(.immediate) { database in
                let pending = try MigrationPlan.pending(migrations, applied: try applied(in: database))
                for migration in pending { try apply(migration, to: database, at: time.now) }
                try database.execute(
                    sql: "INSERT INTO epoch (value) SELECT ? WHERE NOT EXISTS (SELECT 1 FROM epoch)",
                    arguments: [Epoch.make(randomBytes(Epoch.bytes))]
                )
                return .commit
            }
        } catch let error as DatabaseError {
            throw StorageError(error)
        }
    }

    private static func applied(in database: GRDB.Database) throws -> [Int: String] {
        try database.execute(
            sql: """
                CREATE TABLE IF NOT EXISTS migration (number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL)
                """
        )
        let rows = try GRDB.Row.fetchAll(database, sql: "SELECT number, name FROM migration")
        return Dictionary(uniqueKeysWithValues: rows.map { ($0["number"], $0["name"]) })
    }

    private static func apply(_ migration: Migration, to database: GRDB.Database, at now: Instant) throws {
        for statement in migration.statements(.sqlite) { try database.execute(sql: statement) }
        try database.execute(
            sql: "INSERT INTO migration (number, name, applied_at) VALUES (?, ?, ?)",
            arguments: [migration.number, migration.name, now.microseconds]
        )
    }
}
