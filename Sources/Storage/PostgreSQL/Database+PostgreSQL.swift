import Core

extension Database {
    /// Opens a database that several servers may share, and brings its schema up to date. Waits for the database: for the start of a program.
    ///
    /// - Parameters:
    ///   - time: the clock of every transaction; where it is the machine's, the database's stands in for it.
    ///   - committed: is told of the events of this server's commits, on the writers' threads; in order within a channel.
    ///   - notified: where given, is called whenever a server has committed that notifies (``DatabaseConfiguration/notifiesCommits``), and
    ///     whenever that may have been missed; on a thread of the database's, which it must not hold up.
    ///   - migrations: of the domains; the storage's own are added.
    /// - Throws: ``StorageError/unavailable(_:)``, ``MigrationError``, and ``StorageError/statement(_:)`` where the schema can't be made.
    public static func open(
        postgreSQL address: PostgreSQLAddress, time: any TimeSource, committed: any CommittedEvents,
        configuration: DatabaseConfiguration = DatabaseConfiguration(), notified: (@Sendable () -> Void)? = nil, migrations: [Migration]
    ) throws -> Database {
        let site = PostgreSQLSite(
            address, time: time, committed: committed, configuration: configuration, limits: configuration.postgreSQLLimits
        )
        let engine = try PostgreSQLEngine(site, migrations: StorageSchema.migrations + migrations, notified: notified)
        return Database(engine: engine, configuration: configuration)
    }

    /// Brings the schema of a PostgreSQL database up to date, and leaves it. Waits for the database.
    ///
    /// - Throws: as ``open(postgreSQL:time:committed:configuration:notified:migrations:)``.
    public static func migrate(postgreSQL address: PostgreSQLAddress, time: any TimeSource, migrations: [Migration]) throws {
        let configuration = DatabaseConfiguration()
        let site = PostgreSQLSite(
            address, time: time, committed: NobodyListening(), configuration: configuration, limits: configuration.postgreSQLLimits
        )
        try PostgreSQLMigrator.migrate(site, StorageSchema.migrations + migrations)
    }
}

/// For a database that commits nothing.
private struct NobodyListening: CommittedEvents {
    func committed(_ events: [CommittedEvent]) {}
}
