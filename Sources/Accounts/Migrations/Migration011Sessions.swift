import Storage

extension Migration {
    /// One row for each sign-in that lives; ending it deletes the row. The two halves of its refresh token are kept as SHA-256 only.
    static let sessions = Migration(11, "sessions") { dialect in
        [
            """
            CREATE TABLE session (
                id \(dialect.identity),
                account_id \(dialect.integer) NOT NULL REFERENCES account (id),
                selector_hash \(dialect.blob) NOT NULL UNIQUE,
                verifier_hash \(dialect.blob) NOT NULL,
                created_at \(dialect.instant) NOT NULL,
                expires_at \(dialect.instant) NOT NULL
            )
            """,
            "CREATE INDEX session_account ON session (account_id, expires_at)",
        ]
    }
}
