import Client
import Gym
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(5))) struct CancelReservationTests {
    @Test func `a cancelled reservation gives its room to the next`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let slot = try await server.slot(capacity: 1)
            let reservation = try await ana.reserved(slot)
            let calendar = try await ben.watch(VenueCalendar(venue: slot.venueID.rawValue))
            let operations = try await server.admin.watch(VenueOperations(venue: slot.venueID.rawValue))
            let news = try await ana.listen()
            server.time.advance(bySeconds: 3)

            let answer = try await ana.cancel(reservation)

            #expect(answer.status == 204)
            #expect(answer.body.isEmpty)
            let told = try await news.next(ReservationCancelled.self).reservation
            #expect(told.status == "cancelled" && told.cancelReason == "user" && told.updatedAt == server.time.now)
            #expect(try await ana.reservation(reservation.id) == told)
            #expect(try await operations.next(ReservationCancelled.self) == ReservationCancelled(reservation: told, username: "ana"))
            #expect(try await calendar.next(OccupancyChanged.self).unitsFree == 1)
            #expect(try await ben.reserve(slot).status == 201)
        }
    }

    @Test func `a reservation is its owner's and the administrators' to read and to cancel`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let lea = try await server.member("lea", role: .leader)
            let slot = try await server.slot(capacity: 2)
            let reservation = try await ana.reserved(slot)
            for root in ["/api/v1/reservations", "/api/reservations"] {
                for other in [ben, lea] {
                    #expect(try await other.rest.get("\(root)/\(reservation.id)").status == 403)
                    #expect(try await other.rest.delete("\(root)/\(reservation.id)").status == 403)
                }
                #expect(try await server.rest.get("\(root)/\(reservation.id)").status == 401)
            }
            let news = try await ana.listen()
            #expect(try await server.admin.reservation(reservation.id).userID == ana.id)
            #expect(try await server.admin.cancel(reservation).status == 204)
            #expect(try await news.next(ReservationCancelled.self).reservation.cancelReason == "admin")
        }
    }

    @Test func `a reservation is cancelled once`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let slot = try await server.slot(capacity: 2)
            let reservation = try await ana.reserved(slot)
            let answers = try await withThrowingTaskGroup(of: RESTResponse.self) { group in
                for _ in 1...8 { group.addTask { try await ana.cancel(reservation) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.map(\.status).sorted() == [204] + Array(repeating: 409, count: 7))
            #expect(answers.filter { $0.status == 409 }.allSatisfy { $0.problem?.code == "reservation.already_cancelled" })
            #expect(try await ana.calendar(slot.venueID).slots.map(\.unitsFree) == [2])
        }
    }

    @Test func `what a person has reserved is given back when the account is deleted`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let slots = [try await server.slot(capacity: 1), try await server.slot(SlotSketch("14:00", "15:00"), at: server.venue())]
            for slot in slots { _ = try await ana.reserved(slot) }
            let calendar = try await ben.watch(VenueCalendar(venue: slots[0].venueID.rawValue))
            let operations = try await server.admin.watch(VenueOperations(venue: slots[0].venueID.rawValue))
            let path = "/api/v1/reservations/\(try #require(try await ana.ownReservations().items.last).id)"

            #expect(try await server.admin.rest.delete("/api/v1/users/\(ana.id)").status == 204)

            #expect(try await calendar.next(OccupancyChanged.self).unitsFree == 1)
            #expect(try await operations.next(ReservationCancelled.self).reservation.cancelReason == "account")
            for slot in slots {
                #expect(try await server.admin.operations(slot.venueID).reservations.isEmpty)
                #expect(try await ben.reserve(slot).status == 201)
            }
            let detail = try await server.admin.rest.get(path).success().decode(ReservationDetail.self)
            #expect(detail.status == "cancelled" && detail.cancelReason == "account")
            #expect(try await ana.rest.get("/api/v1/reservations").status == 401)
        }
    }
}
