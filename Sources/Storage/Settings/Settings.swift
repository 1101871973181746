/// Values of the installation that live in the database because they are made there: a generated secret, for one.
extension Snapshot {
    /// Nil for a setting that was never stored.
    ///
    /// - Throws: ``StorageError``.
    public func setting(_ key: String) throws -> String? {
        try value("SELECT value FROM setting WHERE key = \(key)")
    }
}

extension Transaction {
    /// Stores a setting, in place of what it was.
    ///
    /// - Throws: ``StorageError``.
    public func storeSetting(_ key: String, _ value: String) throws {
        try execute(
            "INSERT INTO setting (key, value) VALUES (\(key), \(value)) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
        )
    }
}
