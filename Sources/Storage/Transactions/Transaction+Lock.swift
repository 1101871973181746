extension Transaction {
    /// Whether the engine lets several transactions write at the same time, so that rows must be locked before they may decide.
    public var hasRowLocks: Bool { connection.hasRowLocks }

    /// Locks the rows that a query finds until the end of the transaction. On an engine with one writer the transaction itself is the lock
    /// and nothing is sent.
    ///
    /// - Parameter rows: a `SELECT` over one table, ordered so that all transactions lock in the same order.
    public func lock(_ rows: SQL) throws {
        guard hasRowLocks else { return }
        try connection.execute("\(rows) FOR NO KEY UPDATE")
    }
}
