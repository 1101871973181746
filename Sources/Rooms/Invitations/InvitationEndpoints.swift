import Core
import Wire

/// Says who is invited to a reservation: those and nobody else. Who was invited before keeps the answer.
struct Invite: Endpoint {
    static let operation = Operation(
        "rooms.invitees.replace", .put, "/reservations/{id}/invitees", access: .signedIn, summary: "Invite people to a reservation"
    )
    typealias Response = Invitees

    var id: RoomReservation.ID
    var usernames: [String]

    func validate(_ check: inout Validation) {
        check("usernames", usernames, countMax: Invitee.ofReservationMax)
        check(
            "usernames", usernames.allSatisfy { (1...64).contains($0.unicodeScalars.count) }, code: "length",
            detail: "must hold names of 1 to 64 characters"
        )
    }
}

/// Lists who is invited to a reservation; for those people, its owner and administrators.
struct ListInvitees: Endpoint {
    static let operation = Operation(
        "rooms.invitees.list", .get, "/reservations/{id}/invitees", access: .signedIn, summary: "List who is invited to a reservation"
    )
    typealias Response = Invitees

    var id: RoomReservation.ID
}

/// Says whether one comes. Where the reservation moves to another time, one is asked again.
struct AnswerInvitation: Endpoint {
    enum Answer: String, Codable, CaseIterable, Sendable {
        case accepted
        case declined
    }

    static let operation = Operation(
        "rooms.invitations.answer", .put, "/reservations/{id}/answer", access: .signedIn, summary: "Answer an invitation"
    )
    typealias Response = Invitee

    var id: RoomReservation.ID
    var answer: Answer
}

/// Reads what the caller is invited to in an interval, and the place in the personal stream at which it was read.
struct ReadInvitations: Endpoint {
    static let operation = Operation(
        "rooms.invitations.read", .get, "/invitations", access: .signedIn, summary: "Read one's own invitations with their stream position"
    )
    typealias Response = OwnInvitations

    var startTime: ZonedTimestamp
    var endTime: ZonedTimestamp

    func validate(_ check: inout Validation) {
        ReadAgenda(startTime: startTime, endTime: endTime).validate(&check)
    }
}
