import Client
import Core
import Rooms
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(3))) struct InvitationTests {
    private static let days = "startTime=2026-07-01T00:00:00Z&endTime=2026-07-08T00:00:00Z"

    @Test func `the invited see a private meeting, are told of it and answer; others see that the room is busy`() async throws {
        try await TestServer.run { server in
            let people = try await server.members("ana", "ben", "eve")
            let (ana, ben, eve) = (people[0], people[1], people[2])
            let room = try await server.room()
            let id = try await ana.booked(
                room.id, "2026-07-02T09:00:00Z", "2026-07-02T10:00:00Z", title: "Secret", more: #","isPrivate":true"#)
            #expect(try await ben.meeting(id).title == "busy")
            let (owner, guest) = (try await ana.listen(), try await ben.listen())
            let path = "/reservations/\(id)"
            let invited = try await ana.meet("PUT", "\(path)/invitees", #"{"usernames":["BEN"]}"#)
            #expect(try invited.payload(Invitees.self).invitees == [Invitee(named: "ben", ben.id, "pending")])
            let told = try await guest.next(RoomInvitationChanged.self).invitation
            #expect(told.reservation.title == "Secret" && told.answer == "pending")
            #expect(try await ben.meeting(id).title == "Secret")
            #expect(try await eve.meeting(id).title == "busy")
            #expect(try await ben.meet("GET", "\(path)/invitees").payload(Invitees.self).invitees.count == 1)
            #expect(try await eve.meet("GET", "\(path)/invitees").status == 403)
            #expect(try await ben.meet("GET", "/invitations?\(Self.days)").payload(OwnInvitations.self).invitations == [told])

            #expect(try await eve.meet("PUT", "\(path)/answer", #"{"answer":"accepted"}"#).status == 404)
            #expect(try await ben.meet("PUT", "\(path)/answer", #"{"answer":"accepted"}"#).payload(Invitee.self).answer == "accepted")
            let answered = try await owner.next(RoomInvitationAnswered.self)
            #expect(answered == RoomInvitationAnswered(reservationID: id, userID: ben.id, username: "ben", answer: "accepted"))
            #expect(try await guest.next(RoomInvitationChanged.self).invitation.answer == "accepted")

            // At another time one is asked again.
            try await ana.meet("PATCH", path, #"{"title":"Other"}"#).success()
            #expect(try await guest.next(RoomInvitationChanged.self).invitation.answer == "accepted")
            try await ana.meet("PATCH", path, #"{"startTime":"2026-07-02T08:00:00Z"}"#).success()
            #expect(try await guest.next(RoomInvitationChanged.self).invitation.answer == "pending")

            // Being invited does not make one an owner.
            #expect(try await ben.meet("DELETE", path).status == 403)
            #expect(try await ben.meet("PUT", "\(path)/invitees", #"{"usernames":["eve"]}"#).status == 403)
            try await ana.meet("PUT", "\(path)/invitees", #"{"usernames":["eve"]}"#).success()
            #expect(try await guest.next(RoomInvitationWithdrawn.self).reservationID == id)
            #expect(try await ben.meeting(id).title == "busy")
            let third = try await eve.listen()
            try await ana.meet("DELETE", path).success()
            #expect(try await third.next(RoomInvitationWithdrawn.self).reservationID == id)
            #expect(try await eve.meet("GET", "/invitations?\(Self.days)").payload(OwnInvitations.self).invitations.isEmpty)
        }
    }

    @Test(
        arguments: [
            (#"{"usernames":["nobody"]}"#, "/usernames/0"), (#"{"usernames":["ben","ana"]}"#, "/usernames/1"),
            (#"{"usernames":[""]}"#, "/usernames"), (#"{"usernames":"ben"}"#, "/usernames"), ("{}", "/usernames"),
        ]
    )
    func `what is wrong with an invitation is said field by field`(body: String, pointer: String) async throws {
        try await TestServer.run { server in
            let (ana, _) = (try await server.member("ana"), try await server.member("ben"))
            let id = try await ana.booked(try await server.room().id, "2026-07-02T09:00:00Z", "2026-07-02T10:00:00Z")
            let refused = try await ana.meet("PUT", "/reservations/\(id)/invitees", body)
            #expect(refused.status == 400, "\(refused.text)")
            #expect(try refused.refusal.errors?.contains { $0.pointer == pointer } == true, "\(refused.text)")
            #expect(try await ana.meet("GET", "/reservations/\(id)/invitees").payload(Invitees.self).invitees.isEmpty)
            #expect(try await ana.meet("PUT", "/reservations/\(id)/answer", #"{"answer":"maybe"}"#).status == 400)
        }
    }

    @Test func `one invites fifty people and not more`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let id = try await ana.booked(try await server.room().id, "2026-07-02T09:00:00Z", "2026-07-02T10:00:00Z")
            let names = (0...50).map { "\"member\($0)\"" }.joined(separator: ",")
            let refused = try await ana.meet("PUT", "/reservations/\(id)/invitees", "{\"usernames\":[\(names)]}")
            #expect(try refused.status == 400 && refused.refusal.errors?.first?.pointer == "/usernames")
        }
    }

    @Test func `whoever follows the invitations sees what a fresh look shows`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let room = try await server.room()
            var follower = try await ViewFollower(InvitationsView.self, of: ben.id, by: ben)
            var ids: [Int64] = []
            for hour in 10...15 {
                let id = try await ana.booked(room.id, "2026-07-02T\(hour):00:00Z", "2026-07-02T\(hour):30:00Z")
                try await ana.meet("PUT", "/reservations/\(id)/invitees", #"{"usernames":["ben"]}"#).success()
                ids.append(id)
            }
            try await ben.meet("PUT", "/reservations/\(ids[0])/answer", #"{"answer":"declined"}"#).success()
            try await ana.meet("DELETE", "/reservations/\(ids[1])").success()
            try await follower.resume()
            try await ana.meet("PUT", "/reservations/\(ids[2])/invitees", #"{"usernames":[]}"#).success()
            try await ana.meet("PATCH", "/reservations/\(ids[3])", #"{"title":"Other","endTime":"2026-07-02T13:45:00Z"}"#).success()
            try await ana.meet("PATCH", "/reservations/\(ids[0])", #"{"startTime":"2026-07-02T10:10:00Z"}"#).success()
            let fresh = try await follower.catchUp()
            #expect(follower.view == fresh && fresh.count == 4)
        }
    }
}

extension Invitee {
    fileprivate init(named username: String, _ id: Int64, _ answer: String) throws {
        self = try RawJSON(#"{"userId":\#(id),"username":"\#(username)","answer":"\#(answer)"}"#).decode(Invitee.self)
    }
}

/// What somebody is invited to, kept current by `personal:#<user>`.
private struct InvitationsView: LiveView {
    let channel: String
    var position: StreamPosition
    private var invitations: [Int64: RoomInvitationDetail]

    var count: Int { invitations.count }

    static func read(of id: Int64, by user: TestUser) async throws -> InvitationsView {
        let own: OwnInvitations = try await user.meet("GET", "/invitations?startTime=2026-07-01T00:00:00Z&endTime=2026-07-08T00:00:00Z")
            .payload()
        return InvitationsView(
            channel: own.stream.channel, position: own.stream.position,
            invitations: Dictionary(uniqueKeysWithValues: own.invitations.map { ($0.reservation.id, $0) })
        )
    }

    mutating func apply(_ event: RawJSON) throws {
        switch try event.decode(EventHead.self).type {
        case RoomInvitationChanged.type:
            let told = try event.decode(EventEnvelope<RoomInvitationChanged>.self).data.invitation
            invitations[told.reservation.id] = told
        case RoomInvitationWithdrawn.type:
            invitations[try event.decode(EventEnvelope<RoomInvitationWithdrawn>.self).data.reservationID] = nil
        default: break
        }
    }
}
