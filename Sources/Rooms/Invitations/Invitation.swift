import Core
import Storage
import Wire

/// What an invited person says.
enum InvitationAnswer: String, Codable, CaseIterable, SQLConvertible, Sendable {
    case pending
    case accepted
    case declined
}

/// Somebody who is invited to a reservation.
public struct Invitee: Codable, Hashable, Sendable {
    public let userId: UserID
    public let username: String
    /// `pending`, `accepted` or `declined`.
    public let answer: String

    /// People whom one reservation can invite.
    static let ofReservationMax = 50
}

/// Everybody who is invited to a reservation, in order of name.
public struct Invitees: Codable, Hashable, Sendable {
    public let invitees: [Invitee]
}

/// What somebody is invited to in an interval, in order of time, and the place in the personal stream at which that was read. Spelled as it
/// is told live.
public struct OwnInvitations: Codable, Hashable, Sendable {
    public let invitations: [RoomInvitationDetail]
    public let stream: Stream
}

/// Why nobody is invited so, or can't answer.
enum InvitationError: DomainError {
    case notInvited
    case unknownPerson(index: Int)
    case owner(index: Int)

    var code: String {
        switch self {
        case .notInvited: "room_invitation.not_found"
        case .unknownPerson: "room_invitation.unknown_person"
        case .owner: "room_invitation.owner"
        }
    }

    var kind: ErrorKind {
        switch self {
        case .notInvited: .notFound
        case .unknownPerson, .owner: .invalid
        }
    }

    var detail: String {
        switch self {
        case .notInvited: "You are not invited to such a reservation."
        case .unknownPerson(let index): "/usernames/\(index): There is nobody of that name."
        case .owner(let index): "/usernames/\(index): Whose reservation it is comes anyway."
        }
    }

    var failures: [FieldFailure] {
        switch self {
        case .notInvited: []
        case .unknownPerson(let index), .owner(let index):
            [FieldFailure(pointer: "/usernames/\(index)", code: "choice", detail: detail)]
        }
    }
}
