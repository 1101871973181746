import Storage

extension BookingMigrations {
    /// The constraint that says, where there are many writers, that an exclusive resource has one owner at a time.
    static let exclusiveOwner = "occupation_exclusive_owner"

    /// The last word after the check in `Occupancy`. It sees one resource only, not its parts, which the locks guard; and rows whose time has
    /// run out, which therefore go before others come.
    static let excludeOverlaps = Migration(23, "exclude overlaps") { dialect in
        [
            "ALTER TABLE occupation ADD COLUMN is_exclusive \(dialect.boolean) NOT NULL DEFAULT 0",
            """
            UPDATE occupation SET is_exclusive = (SELECT resource.is_exclusive FROM resource WHERE resource.id = occupation.resource_id)
            """,
        ]
            + dialect.exclude(
                Exclusion(
                    exclusiveOwner, on: "occupation", key: "resource_id", start: "starts_at", end: "ends_at", where: "is_exclusive = 1"
                )
            )
    }
}
