/// What a snapshot and a transaction need of an engine: one connection, inside a transaction that the engine has begun.
protocol SQLConnection: AnyObject {
    /// Whether others may write while this transaction does.
    var hasRowLocks: Bool { get }

    /// - Returns: every row, read to the end: an `INSERT … RETURNING` has done all of its work then.
    /// - Throws: ``StorageError``, or `ValidationError` for text that can't be kept.
    func query(_ sql: SQL) throws -> [Row]

    /// - Returns: how many rows were changed.
    /// - Throws: as ``query(_:)``.
    @discardableResult
    func execute(_ sql: SQL) throws -> Int

    /// Waits for the rows that a query finds and keeps others from changing them until the end of the transaction; done at the latest before the
    /// next statement, or before the clock is read. Nothing is to be done on an engine with one writer.
    ///
    /// - Throws: as ``query(_:)``; where it is done later, the next call throws it.
    func lock(_ rows: SQL) throws

    /// The same for a thing that has no row.
    ///
    /// - Throws: as ``query(_:)``.
    func lock(name: String) throws

    /// Changes something whose outcome nobody looks at; done at the latest before the next statement, or the commit.
    ///
    /// - Throws: as ``query(_:)``; where it is done later, the next call throws it.
    func post(_ sql: SQL) throws

    /// Inserts one row.
    ///
    /// - Returns: its `id`.
    /// - Throws: as ``query(_:)``.
    func insert(_ sql: SQL) throws -> Int64
}
