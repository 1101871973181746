import Core
import Wire

/// One consistent view of the database, for the closure that is given it and no longer.
///
/// Everything here is synchronous and runs on a thread of the database's own. Features add their queries in extensions.
public class Snapshot {
    let connection: any SQLConnection

    /// One reading of the clock for all that happens here. On an engine where transactions wait for each other's rows it is taken when it is
    /// first asked for, so that what a lock decides can rest on an instant after the lock.
    public private(set) lazy var now: Instant = clock()

    private let clock: () -> Instant

    init(connection: any SQLConnection, clock: @escaping () -> Instant) {
        self.connection = connection
        self.clock = clock
    }

    /// - Throws: ``StorageError``, or what the decoding throws; so do all reads here.
    public func all(_ sql: SQL) throws -> [Row] {
        try connection.query(sql)
    }

    public func all<Value: RowDecodable>(_ sql: SQL) throws -> [Value] {
        try connection.query(sql).map(Value.init(row:))
    }

    /// The first row. All rows are fetched: say `LIMIT 1` where there may be many.
    public func first(_ sql: SQL) throws -> Row? {
        try connection.query(sql).first
    }

    /// The first row. All rows are fetched: say `LIMIT 1` where there may be many.
    public func first<Value: RowDecodable>(_ sql: SQL) throws -> Value? {
        try connection.query(sql).first.map(Value.init(row:))
    }

    /// - Throws: ``StorageError/noRow`` when there is none.
    public func one(_ sql: SQL) throws -> Row {
        guard let row = try connection.query(sql).first else { throw StorageError.noRow }
        return row
    }

    /// - Throws: ``StorageError/noRow`` when there is none.
    public func one<Value: RowDecodable>(_ sql: SQL) throws -> Value {
        try Value(row: one(sql))
    }

    /// The first column of the first row; nil for null, or for no row.
    public func value<Value: SQLConvertible>(_ sql: SQL) throws -> Value? {
        switch try connection.query(sql).first?.values.first {
        case nil, .null: nil
        case let value?: try Value(sqlValue: value)
        }
    }

    /// Where the channel's log stands: everything up to it is in the rows that this snapshot reads, nothing after it.
    ///
    /// Inside a transaction its own events do not count, they get their places at the commit.
    public func position(of channel: some Channel) throws -> StreamPosition {
        try channelTop(named: channel.name).position
    }
}
