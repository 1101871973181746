import Client
import Core
import Gym
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(5))) struct DeliveryTests {
    @Test func `each of two connections of one person hears everything once and in order`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let venue = try await server.venue()
            let watches = [
                try await ana.watch(VenueCalendar(venue: venue.id.rawValue)), try await ana.watch(VenueCalendar(venue: venue.id.rawValue)),
            ]
            let start = try #require(watches[0].subscription.position)

            try await server.announce(times: 20, at: venue)

            for watch in watches {
                let heard = try await watch.read(through: start.offset + 20)
                #expect(heard.map(\.offset) == (start.offset + 1...start.offset + 20).map { $0 })
                #expect(try heard.map { try $0.event(VenueChanged.self).data.notice } == (1...20).map { "notice \($0)" })
                #expect(Set(try heard.map { try $0.head().id }).count == 20)
                #expect(try await watch.connection.unreadPushes().isEmpty)
            }
        }
    }

    @Test func `the staff of a place see its people, and nobody else does`() async throws {
        try await TestServer.run { server in
            let (venue, other) = (try await server.venue(), try await server.venue())
            let slot = try await server.slot(at: venue)
            let zoe = try await server.member("zoe")
            let staff = try await server.member("vera", role: .staff, places: ["venue:\(venue.id)"])
            let elsewhere = try await server.member("wim", role: .staff, places: ["venue:\(other.id)"])
            let leader = try await server.member("lea", role: .leader)
            let operations = try await staff.watch(VenueOperations(venue: venue.id.rawValue))
            let calendar = try await zoe.watch(VenueCalendar(venue: venue.id.rawValue))

            for outsider in [zoe, elsewhere, leader] {
                let connection = try await outsider.connect()
                #expect(try await connection.refusal(toSubscribe: venue.operationsChannel) == .permissionDenied)
                await connection.close()
            }
            try await zoe.reserve(slot).success()

            var events = [try await operations.nextPublication(), try await operations.nextPublication()]
            events.sort { $0.data.bytes.count < $1.data.bytes.count }
            #expect(try events.map { try $0.head().type } == [OccupancyChanged.type, ReservationCreated.type])
            let created = try events[1].event(ReservationCreated.self).data
            #expect(created.username == "zoe")
            #expect(created.reservation.userID == zoe.id)

            let told = try await calendar.nextPublication()
            #expect(try told.head().type == OccupancyChanged.type)
            #expect(!told.data.text.contains("zoe"))
            #expect(!told.data.text.contains("user"))
            #expect(try await calendar.connection.unreadPushes().filter { $0.channel == venue.calendarChannel }.isEmpty)
            await operations.connection.close()
        }
    }

    @Test func `what is refused is not heard of`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let slot = try await server.slot(capacity: 1)
            try await ana.reserve(slot).success()
            let calendar = try await ben.watch(VenueCalendar(venue: slot.venueID.rawValue))
            let top = calendar.subscription.position

            #expect(try await ben.reserve(slot).status == 409)

            #expect(try await calendar.isQuiet(at: top))
            #expect(try await calendar.connection.unreadPushes().isEmpty)
        }
    }
}
