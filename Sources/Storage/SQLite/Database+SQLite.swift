import Core

extension Database {
    /// Opens a SQLite file, creates it where there is none, and brings its schema up to date. Waits for the disk: for the start of a program.
    ///
    /// - Parameters:
    ///   - path: the file. Beside it lie `-wal`, `-shm` and `.lock`.
    ///   - time: the clock of every transaction.
    ///   - committed: is told of every commit's events, on the writer's thread.
    ///   - migrations: of the domains; the storage's own are added.
    /// - Throws: ``StorageError/inUse(path:)`` when another process has it open, ``StorageError/unavailable(_:)``, ``MigrationError``.
    public static func open(
        sqlite path: String, time: any TimeSource, committed: any CommittedEvents,
        configuration: DatabaseConfiguration = DatabaseConfiguration(), migrations: [Migration]
    ) throws -> Database {
        let engine = try SQLiteEngine(
            path: path, time: time, committed: committed, configuration: configuration, migrations: StorageSchema.migrations + migrations
        )
        return Database(engine: engine, configuration: configuration)
    }
}
