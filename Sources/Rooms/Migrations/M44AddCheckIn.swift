import Storage

extension RoomMigrations {
    static let addCheckIn = Migration(44, "add check-in") { dialect in
        [
            """
            ALTER TABLE room ADD COLUMN check_in_minutes \(dialect.integer) NOT NULL DEFAULT 0 CHECK (check_in_minutes BETWEEN 0 AND 120)
            """,
            "ALTER TABLE room_reservation ADD COLUMN check_in_by \(dialect.instant)",
            "ALTER TABLE room_reservation ADD COLUMN checked_in_at \(dialect.instant)",
            """
            ALTER TABLE room_reservation ADD COLUMN released_at \(dialect.instant)
                CHECK (released_at IS NULL OR checked_in_at IS NULL AND check_in_by IS NOT NULL)
            """,
        ]
    }
}
