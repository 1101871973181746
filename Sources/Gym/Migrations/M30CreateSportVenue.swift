import Storage

extension GymMigrations {
    static let createSportVenue = Migration(30, "create sport_venue") { dialect in
        [
            """
            CREATE TABLE sport_venue (
                id \(dialect.identity),
                name \(dialect.text) NOT NULL,
                location \(dialect.text) NOT NULL,
                type \(dialect.text) NOT NULL,
                description \(dialect.text) NOT NULL,
                opening_hours \(dialect.text) NOT NULL,
                created_at \(dialect.instant) NOT NULL,
                updated_at \(dialect.instant) NOT NULL
            )
            """
        ]
    }
}
