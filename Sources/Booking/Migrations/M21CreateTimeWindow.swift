import Storage

extension BookingMigrations {
    static let createTimeWindow = Migration(21, "create time_window") { dialect in
        [
            """
            CREATE TABLE time_window (
                id \(dialect.identity),
                resource_id \(dialect.integer) NOT NULL REFERENCES resource (id),
                starts_at \(dialect.instant) NOT NULL,
                ends_at \(dialect.instant) NOT NULL,
                capacity \(dialect.integer) NOT NULL CHECK (capacity BETWEEN 1 AND 1000000),
                CONSTRAINT time_window_interval CHECK (starts_at < ends_at),
                CONSTRAINT time_window_start UNIQUE (resource_id, starts_at)
            )
            """
        ]
    }
}
