import Storage

extension BookingMigrations {
    /// What a calendar shows of an occupation to whoever may see the calendar; null shows that the time is taken and nothing else.
    static let labelOccupations = Migration(24, "label occupations") { dialect in
        ["ALTER TABLE occupation ADD COLUMN label \(dialect.text)"]
    }
}
