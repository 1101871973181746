import Storage

extension RoomMigrations {
    static let createInvitation = Migration(45, "create room invitation") { dialect in
        [
            """
            CREATE TABLE room_invitation (
                reservation_id \(dialect.integer) NOT NULL REFERENCES room_reservation (id),
                user_id \(dialect.integer) NOT NULL REFERENCES account (id),
                answer \(dialect.text) NOT NULL CHECK (answer IN ('pending', 'accepted', 'declined')),
                PRIMARY KEY (reservation_id, user_id)
            )
            """,
            "CREATE INDEX room_invitation_by_user ON room_invitation (user_id, reservation_id)",
        ]
    }
}
