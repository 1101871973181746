import Storage

extension RoomMigrations {
    /// The secret address of a calendar: one for each room and person. Only a hash of the secret is kept.
    static let createFeed = Migration(46, "create calendar feed") { dialect in
        [
            """
            CREATE TABLE calendar_feed (
                id \(dialect.identity),
                room_id \(dialect.integer) UNIQUE REFERENCES room (id),
                user_id \(dialect.integer) UNIQUE REFERENCES account (id),
                secret_hash \(dialect.blob) NOT NULL UNIQUE,
                created_at \(dialect.instant) NOT NULL,
                CONSTRAINT calendar_feed_subject CHECK ((room_id IS NULL) <> (user_id IS NULL))
            )
            """
        ]
    }
}
