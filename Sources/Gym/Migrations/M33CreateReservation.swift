import Storage

extension GymMigrations {
    /// A reservation that stands has an occupation and one that does not has none: the room and the promise can't come apart. It keeps its
    /// own time, which moves with the slot for as long as it stands and tells afterwards when it stood.
    static let createReservation = Migration(33, "create reservation") { dialect in
        [
            """
            CREATE TABLE reservation (
                id \(dialect.growingIdentity),
                user_id \(dialect.integer) NOT NULL REFERENCES account (id),
                time_slot_id \(dialect.integer) NOT NULL REFERENCES time_slot (id),
                venue_id \(dialect.integer) NOT NULL REFERENCES venue (id),
                occupation_id \(dialect.integer) UNIQUE REFERENCES occupation (id) DEFERRABLE INITIALLY DEFERRED,
                date \(dialect.text) NOT NULL,
                start_time \(dialect.text) NOT NULL,
                end_time \(dialect.text) NOT NULL,
                starts_at \(dialect.instant) NOT NULL,
                ends_at \(dialect.instant) NOT NULL,
                status \(dialect.text) NOT NULL CHECK (status IN ('confirmed', 'cancelled', 'completed')),
                cancel_reason \(dialect.text) CHECK (cancel_reason IN ('user', 'admin', 'venue', 'slot', 'account')),
                created_at \(dialect.instant) NOT NULL,
                updated_at \(dialect.instant) NOT NULL,
                CONSTRAINT reservation_interval CHECK (starts_at < ends_at),
                CONSTRAINT reservation_room CHECK ((status = 'confirmed') = (occupation_id IS NOT NULL)),
                CONSTRAINT reservation_reason CHECK ((status = 'cancelled') = (cancel_reason IS NOT NULL))
            )
            """,
            """
            CREATE UNIQUE INDEX reservation_once ON reservation (user_id, time_slot_id) WHERE status = 'confirmed'
            """,
            "CREATE INDEX reservation_by_user ON reservation (user_id, id)",
        ]
    }
}
