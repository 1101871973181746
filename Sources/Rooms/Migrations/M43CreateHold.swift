import Storage

extension RoomMigrations {
    /// A room that is kept for somebody. The occupation may be cleared away as soon as it has expired, by whoever comes first; that the
    /// hold has ended is written when its holder is told.
    static let createHold = Migration(43, "create room hold") { dialect in
        [
            """
            CREATE TABLE room_hold (
                id \(dialect.identity),
                room_id \(dialect.integer) NOT NULL REFERENCES room (id),
                user_id \(dialect.integer) NOT NULL REFERENCES account (id),
                occupation_id \(dialect.integer) UNIQUE REFERENCES occupation (id) ON DELETE SET NULL,
                starts_at \(dialect.instant) NOT NULL,
                ends_at \(dialect.instant) NOT NULL,
                expires_at \(dialect.instant) NOT NULL,
                ending \(dialect.text) CHECK (ending IN ('confirmed', 'released', 'expired')),
                created_at \(dialect.instant) NOT NULL,
                CONSTRAINT room_hold_interval CHECK (starts_at < ends_at),
                CONSTRAINT room_hold_room CHECK (ending IS NULL OR occupation_id IS NULL)
            )
            """,
            "CREATE INDEX room_hold_by_user ON room_hold (user_id, expires_at)",
        ]
    }
}
