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

    /// Inserts one row.
    ///
    /// - Returns: its `id`.
    /// - Throws: as ``query(_:)``.
    func insert(_ sql: SQL) throws -> Int64
}
