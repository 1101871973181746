import Core

/// Puts a backup in the place of what a PostgreSQL database holds.
public enum PostgreSQLRestore {
    /// Verifies the backup, brings a copy of it up to date, gives its log a new epoch, and writes all of it in one transaction, which is compared
    /// with the copy before it is committed. A failure before that leaves the database as it was.
    ///
    /// - Parameters:
    ///   - file: the backup, which stays as it is; a copy of it lies beside it meanwhile.
    ///   - isReplacing: whether rows that are there may go.
    ///   - migrations: of the domains.
    /// - Throws: ``BackupError``, ``TransferError``, ``MigrationError``, ``StorageError``, ``DatabaseUnavailable``.
    public static func restore(
        _ file: String, to address: PostgreSQLAddress, isReplacing: Bool, time: any TimeSource, migrations: [Migration],
        progress: @escaping SQLiteBackup.Progress
    ) async throws -> BackupManifest {
        let manifest = try BackupFile.verify(file, progress: progress)
        let staged = file + ".restoring"
        do {
            try await StagedBackup.make(of: file, at: staged, time: time, migrations: migrations)
            let filling = PostgreSQLFilling(
                address: address, time: time, migrations: StorageSchema.migrations + migrations, isReplacing: isReplacing,
                progress: progress
            )
            _ = try filling.fill(from: staged)
        } catch {
            try? StagedBackup.remove(staged)
            throw error
        }
        try StagedBackup.remove(staged)
        progress("restored", 1, 1)
        return manifest
    }
}
