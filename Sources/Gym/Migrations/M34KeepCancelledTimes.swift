import Storage

extension GymMigrations {
    /// A cancelled reservation keeps the time at which it stood: its slot may move afterwards, of which nobody is told who no longer has part
    /// in it. Empty while the reservation stands, when the slot's time is its own.
    static let keepCancelledTimes = Migration(34, "keep the times of cancelled reservations") { dialect in
        [
            "ALTER TABLE reservation ADD COLUMN date TEXT",
            "ALTER TABLE reservation ADD COLUMN start_time TEXT",
            "ALTER TABLE reservation ADD COLUMN end_time TEXT",
            "ALTER TABLE reservation ADD COLUMN starts_at \(dialect.instant)",
            "ALTER TABLE reservation ADD COLUMN ends_at \(dialect.instant)",
        ]
    }
}
