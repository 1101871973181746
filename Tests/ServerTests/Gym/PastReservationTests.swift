import Client
import Gym
import ServerTesting
import Testing
import Wire

@Suite struct PastReservationTests {
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
