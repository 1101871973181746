import Storage

extension BookingMigrations {
    static let createResource = Migration(20, "create resource") { dialect in
        [
            """
            CREATE TABLE resource (
                id \(dialect.identity),
                kind \(dialect.text) NOT NULL,
                public_id \(dialect.integer),
                parent_id \(dialect.integer) REFERENCES resource (id),
                capacity \(dialect.integer) NOT NULL CHECK (capacity BETWEEN 1 AND 1000000),
                is_exclusive \(dialect.boolean) NOT NULL,
                time_zone \(dialect.text) NOT NULL,
                longest_occupation \(dialect.integer) NOT NULL DEFAULT 0 CHECK (longest_occupation >= 0),
                CONSTRAINT resource_public_id UNIQUE (kind, public_id),
                CONSTRAINT resource_exclusive CHECK (capacity = 1 OR is_exclusive = 0),
                CONSTRAINT resource_parent CHECK (parent_id <> id)
            )
            """,
            "CREATE INDEX resource_by_parent ON resource (parent_id) WHERE parent_id IS NOT NULL",
        ]
    }
}
