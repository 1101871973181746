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
    private let appendOnlyTriggers: @Sendable (_ table: String) -> [String]

    /// Statements after which rows of the table can't be changed or deleted any more.
    public func appendOnly(_ table: String) -> [String] { appendOnlyTriggers(table) }

    static let sqlite = Dialect(
        identity: "INTEGER PRIMARY KEY AUTOINCREMENT", growingIdentity: "INTEGER PRIMARY KEY", integer: "INTEGER", instant: "INTEGER",
        text: "TEXT", blob: "BLOB", boolean: "INTEGER", clustered: " WITHOUT ROWID",
        appendOnlyTriggers: { table in
            ["UPDATE", "DELETE"].map { change in
                """
                CREATE TRIGGER \(table)_no_\(change.lowercased()) BEFORE \(change) ON \(table)
                BEGIN SELECT RAISE(ABORT, '\(table) is append-only'); END
                """
            }
        }
    )
}
