extension Dialect {
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
        },
        exclusionConstraint: { _ in [] },
        channelMoves: [], ownColumns: [:]
    )
}
