import Client
import Gym
import ServerTesting
import Testing
import Wire

@Suite struct PastReservationTests {
    @Test func `the staff's calendar loses the name of a person whose account is deleted, in the view as in the snapshot`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let slot = try await server.slot(capacity: 2)
            for member in [ana, ben] { try await member.reserve(slot).success() }
            server.time.advance(bySeconds: 2 * 86_400)
            let admin = try await server.signIn(TestServer.adminName, password: TestServer.adminPassword)
            var follower = try await ViewFollower(OperationsView.self, of: slot.venueID.rawValue, by: admin)

            try await admin.rest.delete("/api/v1/users/\(ana.id)").success()

            let fresh = try await follower.catchUp()
            #expect(follower.view == fresh)
            #expect(try await admin.operations(slot.venueID).reservations.map(\.username).sorted() == ["ben", "deleted:\(ana.id)"])
        }
    }

    @Test func `removing a slot whose time is over leaves its reservations completed, not cancelled`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let slot = try await server.slot(capacity: 2)
            try await ana.reserve(slot).success()
            // Past the token's life, too: both sign in anew.
            server.time.advance(bySeconds: 2 * 86_400)
            let (admin, later) = (
                try await server.signIn(TestServer.adminName, password: TestServer.adminPassword), try await server.signIn("ana")
            )
            let personal = try await later.connect()

            #expect(try await admin.rest.delete("/api/v1/venues/\(slot.venueID)/reservation-time-slots/\(slot.id)").status == 204)

            let channel = PersonalChannel(user: ana.id).name
            let history = try await personal.history(channel, limit: 1, reverse: true)
            let last = try #require(history.publications.first)
            #expect(try last.data.decode(EventEnvelope<ReservationChanged>.self).data.reservation.status == "completed")
            struct Own: Decodable { let items: [ReservationDetail] }
            let own: Own = try await later.rest.get("/api/v1/reservations").success().decode()
            #expect(own.items.map(\.status) == ["completed"])
            #expect(own.items.map(\.cancelReason) == [nil])
        }
    }
}
