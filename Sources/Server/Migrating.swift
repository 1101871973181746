import Core
import Storage

extension Server {
    /// Brings a database up to date without serving it.
    ///
    /// - Throws: `StorageError` while another process has it open.
    public static func migrate(_ location: DatabaseLocation) async throws {
        let database = try Database.open(location, time: SystemTime(), committed: EventOutlet())
        await database.close()
    }

    /// Carries everything that a SQLite file holds over to an empty PostgreSQL database; clients resume there. Waits for the disk and the
    /// database: for a program of its own.
    ///
    /// - Returns: how many rows were copied.
    /// - Throws: `TransferError`, `BackupError`, `MigrationError`, `StorageError`; nothing was changed then.
    public static func migrate(
        from source: DatabaseLocation, to target: DatabaseLocation, progress: @escaping BackupProgress
    ) throws -> Int {
        guard case .sqlite(let path) = source, case .postgreSQL(let address) = target else { throw TransferError.wrongWay }
        return try InstallationMove.carry(
            sqlite: path, to: address, time: SystemTime(), migrations: Database.domainMigrations, progress: progress)
    }
}
