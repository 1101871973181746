import Storage

extension Migration {
    /// `username_key` and `email_key` are the folded forms: two accounts never differ by case alone.
    static let accounts = Migration(10, "accounts") { dialect in
        [
            """
            CREATE TABLE account (
                id \(dialect.identity),
                username \(dialect.text) NOT NULL,
                username_key \(dialect.text) NOT NULL UNIQUE,
                email \(dialect.text) NOT NULL,
                email_key \(dialect.text) NOT NULL UNIQUE,
                phone \(dialect.text),
                password_hash \(dialect.text) NOT NULL,
                role \(dialect.text) NOT NULL
                    CONSTRAINT account_role CHECK (role IN ('employee', 'leader', 'staff', 'admin', 'superadmin')),
                created_at \(dialect.instant) NOT NULL,
                updated_at \(dialect.instant) NOT NULL,
                tokens_revoked_at \(dialect.instant),
                deleted_at \(dialect.instant)
            )
            """
        ]
    }
}
