import Storage

extension RoomMigrations {
    static let createRoom = Migration(40, "create room") { dialect in
        [
            """
            CREATE TABLE room (
                id \(dialect.identity),
                resource_id \(dialect.integer) UNIQUE REFERENCES resource (id),
                name \(dialect.text) NOT NULL,
                capacity \(dialect.integer) NOT NULL CHECK (capacity BETWEEN 0 AND 1000000),
                location \(dialect.text) NOT NULL,
                description \(dialect.text) NOT NULL,
                status \(dialect.text) NOT NULL CHECK (status IN ('available', 'maintenance', 'disabled')),
                is_active \(dialect.boolean) NOT NULL CHECK (is_active IN (0, 1)),
                time_zone \(dialect.text) NOT NULL,
                version \(dialect.integer) NOT NULL CHECK (version > 0),
                created_at \(dialect.instant) NOT NULL,
                updated_at \(dialect.instant) NOT NULL,
                deleted_at \(dialect.instant),
                CONSTRAINT room_bookable CHECK ((resource_id IS NULL) = (deleted_at IS NOT NULL))
            )
            """
        ]
    }
}
