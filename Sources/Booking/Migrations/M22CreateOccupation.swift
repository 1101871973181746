import Storage

extension BookingMigrations {
    /// Nothing outlives an occupation that could mistake a later one of the same number for it.
    static let createOccupation = Migration(22, "create occupation") { dialect in
        [
            """
            CREATE TABLE occupation (
                id \(dialect.growingIdentity),
                resource_id \(dialect.integer) NOT NULL REFERENCES resource (id),
                window_id \(dialect.integer) REFERENCES time_window (id),
                starts_at \(dialect.instant) NOT NULL,
                ends_at \(dialect.instant) NOT NULL,
                units \(dialect.integer) NOT NULL CHECK (units > 0),
                kind \(dialect.text) NOT NULL CHECK (kind IN ('reservation', 'hold')),
                owner_id \(dialect.integer) REFERENCES account (id),
                expires_at \(dialect.instant),
                CONSTRAINT occupation_interval CHECK (starts_at < ends_at),
                CONSTRAINT occupation_hold_expires CHECK (kind <> 'hold' OR expires_at IS NOT NULL)
            )
            """,
            "CREATE INDEX occupation_by_time ON occupation (resource_id, starts_at, ends_at)",
            "CREATE INDEX occupation_by_window ON occupation (window_id, expires_at, units)",
            "CREATE INDEX occupation_outside_windows ON occupation (resource_id, starts_at, ends_at) WHERE window_id IS NULL",
            "CREATE INDEX occupation_by_owner ON occupation (owner_id, starts_at, ends_at)",
            "CREATE INDEX occupation_by_expiry ON occupation (resource_id, expires_at) WHERE expires_at IS NOT NULL",
        ]
    }
}
