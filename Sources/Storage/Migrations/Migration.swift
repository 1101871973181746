/// One step of the schema. A migration is never edited once it was released: the next step corrects it.
///
/// Each domain owns blocks of ten numbers; within a block migrations are applied in order.
public struct Migration: Sendable {
    public let number: Int
    /// What it brings, in a few words; recorded in the database and compared at every start.
    public let name: String
    let statements: @Sendable (Dialect) -> [String]

    public init(_ number: Int, _ name: String, _ statements: @escaping @Sendable (Dialect) -> [String]) {
        self.number = number
        self.name = name
        self.statements = statements
    }
}

/// The words in which the engines' schemas differ.
public struct Dialect: Sendable {
    /// Type and constraints of a column `id` that numbers its rows; numbers are never used twice.
    public let identity: String
    /// As ``identity``, for tables from which rows are never deleted: there the highest number is never free again, and an insert is cheaper.
    public let growingIdentity: String
    /// A whole number of 64 bits.
    public let integer: String
    /// An `Instant`: microseconds.
    public let instant: String
    public let text: String
    public let blob: String
    /// 0 or 1.
    public let boolean: String
    /// Ends a `CREATE TABLE` whose rows lie in the order of their primary key.
    public let clustered: String
    let appendOnlyTriggers: @Sendable (_ table: String) -> [String]
    let exclusionConstraint: @Sendable (Exclusion) -> [String]
    /// Notes in a channel's row which transaction moved it last; nothing where one server alone writes.
    let channelMoves: [String]
    /// Columns that this engine alone has, by table; their defaults are right wherever rows come from. The one place that tells what is left
    /// behind when rows go from one engine to the other.
    let ownColumns: [String: Set<String>]

    /// Statements after which rows of the table can't be changed or deleted any more.
    public func appendOnly(_ table: String) -> [String] { appendOnlyTriggers(table) }

    /// Statements after which the database itself refuses two rows that exclude each other. None where there is one writer, whose check can't
    /// be overtaken.
    public func exclude(_ exclusion: Exclusion) -> [String] { exclusionConstraint(exclusion) }
}

/// Rows of one table that can't stand beside each other: they have the same key and their half-open intervals overlap.
public struct Exclusion: Sendable {
    let name: String
    let table: String
    let key: String
    let start: String
    let end: String
    let condition: String

    /// - Parameter condition: for which rows it holds.
    public init(_ name: String, on table: String, key: String, start: String, end: String, where condition: String) {
        self.name = name
        self.table = table
        self.key = key
        self.start = start
        self.end = end
        self.condition = condition
    }
}
