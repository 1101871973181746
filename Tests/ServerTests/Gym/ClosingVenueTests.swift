import Client
import Gym
import ServerTesting
import Testing
import Wire

/// A venue stops being open, or is no more: what stands in it falls, and everybody concerned hears of it.
@Suite(.timeLimit(.minutes(5))) struct ClosingVenueTests {
    /// The ways in which a venue stops being open.
    enum Way: String, CaseIterable {
        case patchClosed, patchMaintenance, putVenue, putStatus

        var status: String { self == .patchMaintenance || self == .putStatus ? "maintenance" : "closed" }

        func close(_ venue: Venue, as admin: TestUser) async throws -> RESTResponse {
            switch self {
            case .patchClosed, .patchMaintenance: try await admin.setStatus(status, of: venue)
            case .putVenue: try await admin.change(venue, #"{"status": "closed"}"#)
            case .putStatus: try await admin.rest.put("/api/venues/\(venue.id)/status", body: ["status": status])
            }
        }
    }

    @Test(arguments: Way.allCases)
    func `closing a venue cancels what stands in it and tells everybody concerned`(way: Way) async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let venue = try await server.venue(VenueSketch(capacity: 3))
            let slot = try await server.slot(at: venue)
            let (first, second) = (try await ana.reserved(slot), try await ben.reserved(slot))
            let calendar = try await ben.watch(VenueCalendar(venue: venue.id.rawValue))
            let operations = try await server.admin.watch(VenueOperations(venue: venue.id.rawValue))
            let (anasNews, bensNews) = (try await ana.listen(), try await ben.listen())
            let tops = [try await anasNews.top(), try await bensNews.top()]

            #expect(try await way.close(venue, as: server.admin).success().decode(Venue.self).status.rawValue == way.status)

            for (news, reservation) in [(anasNews, first), (bensNews, second)] {
                let told = try await news.next(ReservationCancelled.self)
                #expect(told.reservation.id == reservation.id.rawValue)
                #expect(told.reservation.cancelReason == "venue")
                #expect(told.username == nil)
            }
            // Told once each.
            #expect(try await [anasNews.top(), bensNews.top()] == tops.map { $0 + 1 })
            #expect(try await operations.next(ReservationCancelled.self).username == "ana")
            #expect(try await operations.next(ReservationCancelled.self).username == "ben")
            #expect(try await operations.next(OccupancyChanged.self).unitsFree == 3)
            #expect(try await operations.next(VenueChanged.self).status == way.status)
            #expect(try await calendar.next(OccupancyChanged.self).unitsFree == 3)
            #expect(try await calendar.next(VenueChanged.self).status == way.status)

            let detail = try await ana.reservation(first.id)
            #expect(detail.status == "cancelled" && detail.cancelReason == "venue")
            #expect(try await server.admin.operations(venue.id).reservations.isEmpty)
            let refusal = try await ana.reserve(slot)
            #expect(refusal.status == 409)
            #expect(refusal.problem?.code == "venue.not_open")
        }
    }

    @Test func `a venue that is opened again takes reservations in the slots that it had`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let slot = try await server.slot(capacity: 1)
            let venue = try await server.rest.get("/api/v1/venues/\(slot.venueID)").success().decode(Venue.self)
            let lost = try await ana.reserved(slot)
            try await server.admin.setStatus("maintenance", of: venue).success()
            #expect(try await ana.cancel(lost).status == 409)
            try await server.admin.setStatus("open", of: venue).success()
            // What was cancelled does not come back by itself.
            #expect(try await ana.reservation(lost.id).status == "cancelled")
            #expect(try await ana.reserve(slot).status == 201)
        }
    }

    @Test func `going from closed to maintenance tells nobody of reservations a second time`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let slot = try await server.slot(capacity: 1)
            let venue = try await server.rest.get("/api/v1/venues/\(slot.venueID)").success().decode(Venue.self)
            _ = try await ana.reserved(slot)
            try await server.admin.setStatus("closed", of: venue).success()
            let before = try await ana.ownReservations().stream
            try await server.admin.setStatus("maintenance", of: venue).success()
            #expect(try await ana.ownReservations().stream == before)
        }
    }

    @Test func `nobody ever sees a closed venue with reservations in it`() async throws {
        try await TestServer.run { server in
            let members = try await server.crowd(8)
            let slot = try await server.slot(capacity: 8)
            let venue = try await server.rest.get("/api/v1/venues/\(slot.venueID)").success().decode(Venue.self)
            for member in members { _ = try await member.reserved(slot) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 1...2 {
                    group.addTask {
                        var snapshot: VenueOperationsSnapshot
                        repeat {
                            snapshot = try await server.admin.operations(venue.id)
                            let taken = snapshot.reservations.count
                            #expect(taken == (snapshot.status == .open ? 8 : 0))
                            #expect(snapshot.slots.map(\.unitsFree) == [8 - taken])
                        } while snapshot.status == .open
                    }
                }
                group.addTask { try await server.admin.setStatus("closed", of: venue).success() }
                try await group.waitForAll()
            }
        }
    }

    /// A reservation, and everybody who hears when it falls.
    private struct Witnesses: Sendable {
        let ana: TestUser
        let slot: TimeSlot
        let reservation: Reservation
        let calendar: Watch
        let operations: Watch
        let news: Listener

        init(on server: TestServer) async throws {
            ana = try await server.member("ana")
            slot = try await server.slot(capacity: 2)
            reservation = try await ana.reserved(slot)
            calendar = try await ana.watch(VenueCalendar(venue: slot.venueID.rawValue))
            operations = try await server.admin.watch(VenueOperations(venue: slot.venueID.rawValue))
            news = try await ana.listen()
        }

        /// The owner and the staff hear that the reservation fell, and everybody that the room is free.
        func hearOfCancellation(because reason: String) async throws -> ReservationDetail {
            let told = try await news.next(ReservationCancelled.self).reservation
            #expect(told.id == reservation.id.rawValue && told.cancelReason == reason)
            #expect(try await operations.next(ReservationCancelled.self).reservation == told)
            #expect(try await operations.next(OccupancyChanged.self).unitsFree == 2)
            #expect(try await calendar.next(OccupancyChanged.self).unitsFree == 2)
            return told
        }
    }

    @Test func `removing a venue cancels what stands in it and tells everybody concerned`() async throws {
        try await TestServer.run { server in
            let witnesses = try await Witnesses(on: server)
            let (ana, slot) = (witnesses.ana, witnesses.slot)
            #expect(try await server.admin.rest.delete("/api/v1/venues/\(slot.venueID)").status == 204)

            let told = try await witnesses.hearOfCancellation(because: "venue")
            #expect(try await witnesses.operations.next(VenueRemoved.self).venueID == slot.venueID.rawValue)
            #expect(try await witnesses.calendar.next(VenueRemoved.self).venueID == slot.venueID.rawValue)
            // The reservation still tells when it was.
            let detail = try await ana.reservation(witnesses.reservation.id)
            #expect(detail == told)
            #expect(detail.startsAt == slot.startsAt)
            #expect(try await ana.ownReservations().items == [detail])
            #expect(try await ana.cancel(witnesses.reservation).status == 409)
        }
    }

    @Test func `removing a slot cancels what stands in it and tells everybody concerned`() async throws {
        try await TestServer.run { server in
            let witnesses = try await Witnesses(on: server)
            let (ana, slot) = (witnesses.ana, witnesses.slot)
            #expect(try await server.admin.remove(slot).status == 204)

            let told = try await witnesses.hearOfCancellation(because: "slot")
            #expect(try await witnesses.operations.next(SlotRemoved.self).id == slot.id.rawValue)
            #expect(try await witnesses.calendar.next(SlotRemoved.self).id == slot.id.rawValue)
            #expect(try await ana.reservation(witnesses.reservation.id) == told)
            #expect(try await ana.calendar(slot.venueID).slots.isEmpty)
            #expect(try await ana.reserve(slot).status == 404)
            // The time is free for another slot, and the person for another reservation.
            let venue = try await server.rest.get("/api/v1/venues/\(slot.venueID)").success().decode(Venue.self)
            #expect(try await ana.reserve(server.slot(at: venue)).status == 201)
        }
    }
}
