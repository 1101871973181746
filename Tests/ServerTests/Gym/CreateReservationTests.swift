import Client
import Gym
import ServerTesting
import Testing
import Wire

@Suite struct CreateReservationTests {
    @Test func `watchers hear of a reservation once it is committed`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let slot = try await server.slot(capacity: 2)
            let calendar = try await ben.watch(VenueCalendar(venue: slot.venueID.rawValue))

            #expect(try await ana.reserve(slot).status == 201)

            let event = try await calendar.next(OccupancyChanged.self)
            #expect(event.unitsFree == 1)
            #expect(event.timeSlotID == slot.id.rawValue)
        }
    }
}
