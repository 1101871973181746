import Storage

extension Migration {
    /// Which places a member of staff serves; a place is named `<noun>:<id>` by the feature that owns it.
    static let placeAssignments = Migration(12, "place assignments") { dialect in
        [
            """
            CREATE TABLE place_assignment (
                account_id \(dialect.integer) NOT NULL REFERENCES account (id),
                place \(dialect.text) NOT NULL,
                PRIMARY KEY (account_id, place)
            )\(dialect.clustered)
            """
        ]
    }
}
