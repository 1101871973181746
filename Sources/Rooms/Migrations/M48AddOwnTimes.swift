import Storage

extension RoomMigrations {
    /// An exception may say something else than its series and still be at its time. Which of the exceptions so far have been moved is not
    /// known: they keep their time.
    static let addOwnTimes = Migration(48, "add own times") { dialect in
        [
            "ALTER TABLE room_reservation ADD COLUMN has_own_time \(dialect.boolean) NOT NULL DEFAULT 0 CHECK (has_own_time IN (0, 1))",
            "UPDATE room_reservation SET has_own_time = is_exception",
        ]
    }
}
