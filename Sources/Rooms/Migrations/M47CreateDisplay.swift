import Storage

extension RoomMigrations {
    /// The link that opens the display at a room's door: one for each room. Only a hash of its secret is kept. Numbers are not given again:
    /// a connection of an older link must not pass for one of the newer.
    static let createDisplay = Migration(47, "create room display") { dialect in
        [
            """
            CREATE TABLE room_display (
                id \(dialect.identity),
                room_id \(dialect.integer) NOT NULL UNIQUE REFERENCES room (id),
                secret_hash \(dialect.blob) NOT NULL UNIQUE,
                created_at \(dialect.instant) NOT NULL
            )
            """
        ]
    }
}
