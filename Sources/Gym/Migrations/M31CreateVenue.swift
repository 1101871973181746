import Storage

extension GymMigrations {
    static let createVenue = Migration(31, "create venue") { dialect in
        [
            """
            CREATE TABLE venue (
                id \(dialect.identity),
                resource_id \(dialect.integer) UNIQUE REFERENCES resource (id),
                sport_venue_id \(dialect.integer) REFERENCES sport_venue (id),
                parent_id \(dialect.integer) REFERENCES venue (id),
                name \(dialect.text) NOT NULL,
                location \(dialect.text) NOT NULL,
                capacity \(dialect.integer) NOT NULL CHECK (capacity BETWEEN 1 AND 1000000),
                is_exclusive \(dialect.boolean) NOT NULL,
                status \(dialect.text) NOT NULL CHECK (status IN ('open', 'closed', 'maintenance')),
                notice \(dialect.text) NOT NULL,
                time_zone \(dialect.text) NOT NULL,
                opening_hours \(dialect.text) NOT NULL,
                created_at \(dialect.instant) NOT NULL,
                updated_at \(dialect.instant) NOT NULL,
                deleted_at \(dialect.instant),
                CONSTRAINT venue_bookable CHECK ((resource_id IS NULL) = (deleted_at IS NOT NULL))
            )
            """,
            "CREATE INDEX venue_by_sport_venue ON venue (sport_venue_id) WHERE deleted_at IS NULL",
            "CREATE INDEX venue_by_parent ON venue (parent_id) WHERE deleted_at IS NULL",
        ]
    }
}
