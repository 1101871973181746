import Core
import Storage
import Wire

/// What invited people are told of a reservation, in the commit that changes it.
struct InvitationSteps {
    /// - Parameter isMoved: whether it is at another time now: who has accepted another one has not accepted this one.
    func tell(_ reservation: ReservationRow, isMoved: Bool, _ tx: Transaction) throws {
        for invitation in try tx.invitations(to: reservation.id) {
            if isMoved { try tx.updateInvitation(of: invitation.userID, to: reservation.id, .pending) }
            try tell(invitation.userID, reservation, isMoved ? .pending : invitation.answer, tx)
        }
    }

    func tell(_ user: UserID, _ reservation: ReservationRow, _ answer: InvitationAnswer, _ tx: Transaction) throws {
        let invitation = RoomInvitationDetail(reservation: reservation.detail, answer: answer.rawValue)
        try tx.emit(RoomInvitationChanged(invitation: invitation), to: PersonalChannel(user: user.rawValue))
    }

    func withdraw(_ users: [UserID], from reservation: RoomReservation.ID, _ tx: Transaction) throws {
        for user in users {
            try tx.deleteInvitation(of: user, to: reservation)
            try tx.emit(RoomInvitationWithdrawn(reservationID: reservation.rawValue), to: PersonalChannel(user: user.rawValue))
        }
    }

    func withdrawAll(from reservation: RoomReservation.ID, _ tx: Transaction) throws {
        try withdraw(try tx.invitations(to: reservation).map(\.userID), from: reservation, tx)
    }
}
