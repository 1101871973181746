import Core
import Wire

/// Brings the schema of a shared database up to date, all of it or nothing. Servers that start together take turns.
enum PostgreSQLMigrator {
    /// Names the lock; any number will do that nobody else uses.
    private static let lockNumber = 7_265_676
    /// As long as the migrations of another server may take.
    private static let limits = {
        var limits = PostgreSQLLimits()
        limits.statementTimeout = .seconds(600)
        limits.lockTimeout = .seconds(600)
        limits.idleInTransactionTimeout = .seconds(60)
        limits.answerTimeout = .seconds(610)
        return limits
    }()

    /// - Throws: ``MigrationError``, ``StorageError``.
    static func migrate(_ site: PostgreSQLSite, _ migrations: [Migration]) throws {
        try StorageError.translating(site.catalogue) {
            let connection = try PostgreSQLConnection(site.address, limits, site.catalogue, time: site.time)
            try connection.script("BEGIN")
            try bringUpToDate(connection, migrations, time: site.time, randomBytes: site.configuration.randomBytes)
            try connection.script("COMMIT")
            try site.catalogue.load(over: connection)
        }
    }

    /// The same within the caller's transaction.
    ///
    /// - Throws: ``MigrationError``, ``StorageError``, ``PostgreSQLFailure``, ``PostgreSQLFault``, ``ConnectionLost``.
    static func bringUpToDate(
        _ connection: PostgreSQLConnection, _ migrations: [Migration], time: any TimeSource, randomBytes: (_ count: Int) -> [UInt8]
    ) throws {
        try connection.script("SELECT pg_advisory_xact_lock(\(lockNumber))")
        try connection.script(
            """
            CREATE TABLE IF NOT EXISTS migration (number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)
            """
        )
        for migration in try MigrationPlan.pending(migrations, applied: try applied(over: connection)) {
            try apply(migration, over: connection, at: time.now)
        }
        let epoch = Epoch.make(randomBytes(Epoch.bytes))
        _ = try connection.ask("INSERT INTO epoch (value) SELECT \(epoch) WHERE NOT EXISTS (SELECT 1 FROM epoch)")
    }

    /// Which migrations the database has, by number.
    ///
    /// - Throws: ``PostgreSQLFault``.
    static func applied(over connection: PostgreSQLConnection) throws -> [Int: String] {
        let rows = try connection.ask("SELECT number, name FROM migration").map { (try $0["number"] as Int, try $0["name"] as String) }
        return Dictionary(rows) { first, _ in first }
    }

    private static func apply(_ migration: Migration, over connection: PostgreSQLConnection, at now: Instant) throws {
        for statement in migration.statements(.postgresql) {
            do {
                try connection.script(statement)
            } catch let failure as PostgreSQLFailure {
                // The operator reads this at the start of a server that does not start.
                throw StorageError.statement("migration \(migration.number), \(migration.name): \(failure.message)")
            }
        }
        _ = try connection.ask(
            "INSERT INTO migration (number, name, applied_at) VALUES (\(migration.number), \(migration.name), \(now))"
        )
    }
}
