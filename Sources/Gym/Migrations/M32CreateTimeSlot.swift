import Storage

extension GymMigrations {
    /// A removed slot keeps its row, because the reservations that stood in it keep telling when they were; its window is gone.
    static let createTimeSlot = Migration(32, "create time_slot") { dialect in
        [
            """
            CREATE TABLE time_slot (
                id \(dialect.integer) PRIMARY KEY,
                window_id \(dialect.integer) UNIQUE REFERENCES time_window (id),
                venue_id \(dialect.integer) NOT NULL REFERENCES venue (id),
                date \(dialect.text) NOT NULL,
                start_time \(dialect.text) NOT NULL,
                end_time \(dialect.text) NOT NULL,
                starts_at \(dialect.instant) NOT NULL,
                ends_at \(dialect.instant) NOT NULL,
                created_at \(dialect.instant) NOT NULL,
                updated_at \(dialect.instant) NOT NULL,
                CONSTRAINT time_slot_window CHECK (window_id IS NULL OR window_id = id),
                CONSTRAINT time_slot_interval CHECK (starts_at < ends_at)
            )
            """,
            "CREATE INDEX time_slot_by_venue ON time_slot (venue_id, starts_at) WHERE window_id IS NOT NULL",
        ]
    }
}
