import Storage

extension Migration {
    /// A password that an administrator gave is known to two people, until its owner takes another.
    static let givenPasswords = Migration(13, "given passwords") { dialect in
        [
            """
            ALTER TABLE account ADD COLUMN must_change_password \(dialect.boolean) NOT NULL DEFAULT 0
                CHECK (must_change_password IN (0, 1))
            """
        ]
    }
}
