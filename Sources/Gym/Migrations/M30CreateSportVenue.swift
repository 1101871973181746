import Storage

extension GymMigrations {
    static let createSportVenue = Migration(30, "create sport_venue") { dialect in
        [
            """
            CREATE TABLE sport_venue (
                id \(dialect.identity),
                name TEXT NOT NULL,
                location TEXT NOT NULL,
                type TEXT NOT NULL,
                description TEXT NOT NULL,
                opening_hours TEXT NOT NULL,
                created_at \(dialect.instant) NOT NULL,
                updated_at \(dialect.instant) NOT NULL
            )
            """
        ]
    }
}
