import Storage

extension RoomMigrations {
    /// A reservation that stands has an occupation and one that does not has none: the room and the promise can't come apart. It keeps its
    /// own time, which tells afterwards when it stood.
    static let createReservation = Migration(41, "create room reservation") { dialect in
        [
            """
            CREATE TABLE room_reservation (
                id \(dialect.growingIdentity),
                room_id \(dialect.integer) NOT NULL REFERENCES room (id),
                user_id \(dialect.integer) NOT NULL REFERENCES account (id),
                occupation_id \(dialect.integer) UNIQUE REFERENCES occupation (id) DEFERRABLE INITIALLY DEFERRED,
                title \(dialect.text) NOT NULL,
                description \(dialect.text),
                is_private \(dialect.boolean) NOT NULL CHECK (is_private IN (0, 1)),
                starts_at \(dialect.instant) NOT NULL,
                ends_at \(dialect.instant) NOT NULL,
                status \(dialect.text) NOT NULL CHECK (status IN ('confirmed', 'cancelled', 'completed')),
                version \(dialect.integer) NOT NULL CHECK (version > 0),
                created_at \(dialect.instant) NOT NULL,
                updated_at \(dialect.instant) NOT NULL,
                CONSTRAINT room_reservation_interval CHECK (starts_at < ends_at AND ends_at - starts_at <= 86400000000),
                CONSTRAINT room_reservation_room CHECK ((status = 'confirmed') = (occupation_id IS NOT NULL))
            )
            """,
            "CREATE INDEX room_reservation_by_user ON room_reservation (user_id, id)",
            "CREATE INDEX room_reservation_by_room ON room_reservation (room_id, starts_at)",
        ]
    }
}
