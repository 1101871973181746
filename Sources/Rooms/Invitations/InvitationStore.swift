import Core
import Storage
import Wire

/// One invited person of one reservation.
struct InvitationRow: RowDecodable {
    let userID: UserID
    let username: String
    let answer: InvitationAnswer

    var invitee: Invitee { Invitee(userId: userID, username: username, answer: answer.rawValue) }

    init(row: Row) throws {
        userID = try row["user_id"]
        username = try row["username"]
        answer = try row["answer"]
    }
}

extension Snapshot {
    /// In order of name.
    func invitations(to reservation: RoomReservation.ID) throws -> [InvitationRow] {
        try all(
            """
            SELECT i.user_id, i.answer, a.username FROM room_invitation i JOIN account a ON a.id = i.user_id
            WHERE i.reservation_id = \(reservation) ORDER BY a.username_key
            """
        )
    }

    func invitation(of user: UserID, to reservation: RoomReservation.ID) throws -> InvitationRow? {
        try first(
            """
            SELECT i.user_id, i.answer, a.username FROM room_invitation i JOIN account a ON a.id = i.user_id
            WHERE i.reservation_id = \(reservation) AND i.user_id = \(user)
            """
        )
    }

    /// What somebody is invited to that overlaps an interval, in order of time.
    func invitations(of user: UserID, overlapping interval: Interval, limit: Int) throws -> [RoomInvitationDetail] {
        let rows: [Row] = try all(
            """
            SELECT i.reservation_id, i.answer FROM room_invitation i JOIN room_reservation v ON v.id = i.reservation_id
            WHERE i.user_id = \(user) AND v.status <> 'cancelled' AND v.starts_at < \(interval.end) AND v.ends_at > \(interval.start)
            ORDER BY v.starts_at, v.id LIMIT \(limit)
            """
        )
        return try rows.compactMap { row in
            let answer: InvitationAnswer = try row["answer"]
            return try roomReservation(row["reservation_id"]).map { RoomInvitationDetail(reservation: $0.detail, answer: answer.rawValue) }
        }
    }
}

extension Transaction {
    func insertInvitation(of user: UserID, to reservation: RoomReservation.ID) throws {
        try execute("INSERT INTO room_invitation (reservation_id, user_id, answer) VALUES (\(reservation), \(user), 'pending')")
    }

    func deleteInvitation(of user: UserID, to reservation: RoomReservation.ID) throws {
        try execute("DELETE FROM room_invitation WHERE reservation_id = \(reservation) AND user_id = \(user)")
    }

    func deleteInvitations(of user: UserID) throws {
        try execute("DELETE FROM room_invitation WHERE user_id = \(user)")
    }

    func updateInvitation(of user: UserID, to reservation: RoomReservation.ID, _ answer: InvitationAnswer) throws {
        try execute("UPDATE room_invitation SET answer = \(answer) WHERE reservation_id = \(reservation) AND user_id = \(user)")
    }
}
