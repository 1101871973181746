import Accounts
import Booking
import Core
import Storage
import Wire

/// The rules of inviting and of being invited.
struct InvitationService: Sendable {
    let database: Database
    let occupancy: Occupancy
    let timeZones: any TimeZones

    /// - Throws: ``InvitationError/unknownPerson(index:)``, ``InvitationError/owner(index:)``, ``RoomReservationError``,
    ///   `AccessError.forbidden`.
    func invite(_ request: Invite, in context: CallContext) async throws -> Invitees {
        try await database.write(for: context) { tx in
            let named = try request.usernames.map { try tx.userID(named: $0) }
            // Before the room, as everywhere: nobody shall be deleted in between.
            try tx.lock("SELECT id FROM account WHERE id IN \(list: named.compactMap(\.self)) ORDER BY id")
            let (reservation, _, _) = try tx.lockStanding(request.id, occupancy)
            let wanted = try request.usernames.indices.map { index in
                guard let user = named[index], try tx.username(of: user) != nil else { throw InvitationError.unknownPerson(index: index) }
                guard user != reservation.userID else { throw InvitationError.owner(index: index) }
                return user
            }
            let invited = Set(try tx.invitations(to: reservation.id).map(\.userID))
            try InvitationSteps().withdraw(invited.subtracting(wanted).sorted(), from: reservation.id, tx)
            for user in Set(wanted).subtracting(invited).sorted() {
                try tx.insertInvitation(of: user, to: reservation.id)
                try InvitationSteps().tell(user, reservation, .pending, tx)
            }
            let invitees = Invitees(invitees: try tx.invitations(to: reservation.id).map(\.invitee))
            try tx.audit("room_reservation.invited", "room_reservation:\(reservation.id)", after: invitees)
            return invitees
        }
    }

    /// - Throws: ``RoomReservationError/notFound``, `AccessError.forbidden`.
    func list(_ request: ListInvitees, in context: CallContext) async throws -> Invitees {
        let caller = try context.caller.signedIn()
        return try await database.read { snapshot in
            guard let reservation = try snapshot.roomReservation(request.id) else { throw RoomReservationError.notFound }
            let invitees = try snapshot.invitations(to: reservation.id).map(\.invitee)
            guard reservation.belongs(to: caller) || invitees.contains(where: { $0.userId == caller.userID }) else {
                throw AccessError.forbidden
            }
            return Invitees(invitees: invitees)
        }
    }

    /// - Throws: ``InvitationError/notInvited``.
    func answer(_ request: AnswerInvitation, in context: CallContext) async throws -> Invitee {
        let caller = try context.caller.signedIn()
        let answer: InvitationAnswer = request.answer == .accepted ? .accepted : .declined
        return try await database.write(for: context) { tx in
            guard let candidate = try tx.roomReservation(request.id), let resource = try tx.room(candidate.roomID)?.resourceID,
                try occupancy.lock(resource, for: nil, in: tx) != nil, let reservation = try tx.roomReservation(request.id),
                let before = try tx.invitation(of: caller.userID, to: request.id)
            else { throw InvitationError.notInvited }
            guard before.answer != answer else { return before.invitee }
            try tx.updateInvitation(of: caller.userID, to: request.id, answer)
            try InvitationSteps().tell(caller.userID, reservation, answer, tx)
            let answered = RoomInvitationAnswered(
                reservationID: reservation.detail.id, userID: caller.userID.rawValue, username: before.username, answer: answer.rawValue
            )
            try tx.emit(
                answered, to: PersonalChannel(user: reservation.detail.userID), RoomOperations(room: reservation.detail.roomID))
            return Invitee(userId: caller.userID, username: before.username, answer: answer.rawValue)
        }
    }

    /// - Throws: `ValidationError`.
    func readOwn(_ request: ReadInvitations, in context: CallContext) async throws -> OwnInvitations {
        let caller = try context.caller.signedIn()
        try timeZones.require(request.startTime, request.endTime)
        return try await database.read { snapshot in
            let interval = Interval(start: request.startTime.instant, end: request.endTime.instant)
            let channel = PersonalChannel(user: caller.userID.rawValue)
            return OwnInvitations(
                invitations: try snapshot.invitations(
                    of: caller.userID, overlapping: interval, limit: ReadAgenda.reservationsMax),
                stream: Stream(channel: channel.name, position: try snapshot.position(of: channel))
            )
        }
    }
}
