extension Transaction {
    /// Whether the engine lets several transactions write at the same time, so that rows must be locked before they may decide.
    var hasRowLocks: Bool { connection.hasRowLocks }

    /// Locks the rows that a query finds until the end of the transaction. Whatever is read or written after this, ``Snapshot/now`` too, comes after
    /// the lock; the lock itself may share the trip of that. On an engine with one writer the transaction itself is the lock, and the query
    /// is not even written.
    ///
    /// - Parameter rows: a `SELECT` over one table, ordered so that all transactions lock in the same order.
    public func lock(_ rows: @autoclosure () throws -> SQL) throws {
        if hasRowLocks { try connection.lock(rows()) }
    }

    /// Lets one transaction at a time, on all servers, go on with a thing that has no row to lock, until its end. To be asked for before any
    /// row.
    ///
    /// - Parameter name: two names may, once in a very long while, be one lock: that costs a wait and nothing else.
    public func lock(name: String) throws {
        try connection.lock(name: name)
    }
}
