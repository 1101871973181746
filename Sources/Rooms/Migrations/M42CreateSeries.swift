import Storage

extension RoomMigrations {
    /// What comes again: the wall time and the rule that its reservations come from. A series that was cancelled stays: reservations that
    /// are over remember it.
    static let createSeries = Migration(42, "create room series") { dialect in
        [
            """
            CREATE TABLE room_series (
                id \(dialect.growingIdentity),
                room_id \(dialect.integer) NOT NULL REFERENCES room (id),
                user_id \(dialect.integer) NOT NULL REFERENCES account (id),
                title \(dialect.text) NOT NULL,
                description \(dialect.text),
                is_private \(dialect.boolean) NOT NULL CHECK (is_private IN (0, 1)),
                start_time \(dialect.text) NOT NULL,
                duration_minutes \(dialect.integer) NOT NULL CHECK (duration_minutes BETWEEN 1 AND 1440),
                time_zone \(dialect.text) NOT NULL,
                rule \(dialect.text) NOT NULL,
                version \(dialect.integer) NOT NULL CHECK (version > 0),
                created_at \(dialect.instant) NOT NULL,
                updated_at \(dialect.instant) NOT NULL,
                cancelled_at \(dialect.instant)
            )
            """,
            "CREATE INDEX room_series_by_user ON room_series (user_id, id)",
            "ALTER TABLE room_reservation ADD COLUMN series_id \(dialect.integer) REFERENCES room_series (id)",
            "ALTER TABLE room_reservation ADD COLUMN series_date \(dialect.text) CHECK ((series_date IS NULL) = (series_id IS NULL))",
            "ALTER TABLE room_reservation ADD COLUMN is_exception \(dialect.boolean) NOT NULL DEFAULT 0 CHECK (is_exception IN (0, 1))",
            "CREATE INDEX room_reservation_by_series ON room_reservation (series_id, series_date) WHERE series_id IS NOT NULL",
        ]
    }
}
