import Client
import Foundation
import Gym
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(5))) struct RPCTests {
    private static let create = "gym.reservations.create"

    private static func request(_ slot: TimeSlot) -> String { #"{"time_slot_id":\#(slot.id)}"# }

    @Test func `a booking by rpc is a booking as by HTTP`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let slot = try await server.slot(capacity: 5)
            let connection = try await ana.connect()

            let called = try await connection.rpc(Self.create, Self.request(slot))
            let posted = try await ben.reserve(slot).success()

            #expect(called.status == posted.status)
            let (byCall, byPost): (Reservation, Reservation) = (try called.decode(), try posted.decode())
            #expect(byCall.userID.rawValue == ana.id)
            #expect(byCall.timeSlotID == byPost.timeSlotID)
            #expect(byCall.status == byPost.status)
            let read: Reservation = try await connection.rpc("gym.reservations.read", #"{"reservation_id":\#(byCall.id)}"#).decode()
            let fetched: Reservation = try await ana.rest.get("/api/v1/reservations/\(byCall.id)").success().decode()
            #expect(read.id == fetched.id && read.createdAt == fetched.createdAt)
            #expect(try await ana.calendar(slot.venueID).slots.map(\.unitsFree) == [3])
            let cancelled = try await connection.rpc("gym.reservations.cancel", #"{"reservation_id":\#(byCall.id)}"#)
            #expect((200...204).contains(cancelled.status))
            #expect(try await ana.calendar(slot.venueID).slots.map(\.unitsFree) == [4])
            await connection.close()
        }
    }

    @Test func `the answer is HTTP's, byte for byte`() async throws {
        try await TestServer.run { server in
            let slot = try await server.slot(capacity: 5)
            let connection = try await server.admin.connect()
            let dates = (#""start_date":"2026-07-01","end_date":"2026-07-31""#, "start_date=2026-07-01&end_date=2026-07-31")
            for (method, request, path) in [
                ("gym.venues.list", "{}", "/api/v1/venues"),
                ("gym.venues.list", #"{"limit":1}"#, "/api/v1/venues?limit=1"),
                ("gym.venues.read", #"{"venue_id":\#(slot.venueID)}"#, "/api/v1/venues/\(slot.venueID)"),
                ("gym.calendar.read", #"{"venue_id":\#(slot.venueID),\#(dates.0)}"#, "/api/v1/venues/\(slot.venueID)/calendar?\(dates.1)"),
                ("gym.users.read-own", "{}", "/api/v1/users/me"),
            ] {
                let called = try await connection.call(.rpc(RPCRequest(method: method, data: RawJSON(#"{"request":\#(request)}"#))))
                let fetched = try await server.admin.rest.get(path)
                #expect(fetched.status == 200, "\(path)")
                #expect(called == .rpc(RPCResult(data: RawJSON(#"{"status":200,"body":\#(fetched.text)}"#))), "\(method)")
            }
            await connection.close()
        }
    }

    @Test func `a retry with the same key over the other transport gets the first answer`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let venue = try await server.venue()
            let slots = [try await server.slot(at: venue), try await server.slot(SlotSketch("12:00", "13:00"), at: venue)]
            let connection = try await ana.connect()

            let called = try await connection.rpc(Self.create, Self.request(slots[0]), key: "k-1")
            let repost = try await ana.reserve(slots[0], key: "k-1")
            #expect(called.status == 201 && repost.status == 201)
            #expect(repost.header("Idempotent-Replayed") == "true")
            #expect(try called.decode(Reservation.self).id == repost.decode(Reservation.self).id)

            let posted = try await ana.reserve(slots[1], key: "k-2").success()
            let recall = try await connection.rpc(Self.create, Self.request(slots[1]), key: "k-2")
            #expect(recall.status == 201)
            #expect(try recall.decode(Reservation.self).id == posted.decode(Reservation.self).id)

            // The same key for something else is refused on either.
            let reused = try await connection.rpc(Self.create, Self.request(slots[1]), key: "k-1")
            #expect(reused.status == 422)
            #expect(reused.problem?.code == "request.idempotency_key_reused")
            #expect(try await ana.ownReservations().items.count == 2)
            await connection.close()
        }
    }

    @Test func `a refusal is the problem that HTTP would have answered`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let slot = try await server.slot(capacity: 1)
            try await server.admin.reserve(slot).success()
            let connection = try await ana.connect()
            for (method, request, status, code) in [
                (Self.create, "{}", 422, "request.invalid"), (Self.create, #"{"time_slot_id":"x"}"#, 422, "request.invalid"),
                (Self.create, #"{"time_slot_id":0}"#, 422, "request.invalid"),
                (Self.create, Self.request(slot), 409, "booking.no_room"),
                (Self.create, #"{"time_slot_id":999999}"#, 404, "reservation.slot_not_found"),
                ("gym.venues.create", #"{"name":"Mine"}"#, 403, "access.forbidden"),
                ("gym.users.read", #"{"user_id":1}"#, 403, "access.forbidden"),
                ("gym.venues.read", #"{"venue_id":"x"}"#, 404, "request.route_not_found"),
            ] {
                let answer = try await connection.rpc(method, request)
                #expect(answer.status == status, "\(method) \(request)")
                let problem = try #require(answer.problem)
                #expect(problem.code == code, "\(method) \(request)")
                #expect(problem.status == status)
                #expect(problem.type == "/problems/\(code)")
                #expect(!problem.requestID.isEmpty)
            }
            let invalid = try await connection.rpc(Self.create, "{}")
            #expect(invalid.problem?.errors?.map(\.pointer) == ["/time_slot_id"])
            #expect(invalid.problem?.errors?.map(\.code) == ["required"])
            await connection.close()
        }
    }

    @Test func `what is wrong with the call itself is an error of the protocol`() async throws {
        try await TestServer.run { server in
            let connection = try await server.admin.connect()
            for (method, data, error) in [
                ("gym.nothing.do", "{}", ProtocolError.methodNotFound), ("", "{}", .methodNotFound),
                (Self.create, "[]", .badRequest), (Self.create, #"{"request":7}"#, .badRequest), (Self.create, #"{"key":[]}"#, .badRequest),
            ] {
                let refusal = try await connection.refusal(of: .rpc(RPCRequest(method: method, data: RawJSON(data))))
                #expect(refusal == error, "\(method) \(data)")
            }
            // The connection goes on.
            #expect(try await connection.rpc("gym.venues.list").status == 200)
            await connection.close()
        }
    }

    @Test func `a call is logged once, with the operation and ids alone`() async throws {
        try await TestServer.run { server in
            let slot = try await server.slot(capacity: 5)
            let connection = try await server.admin.connect()
            let answer = try await connection.rpc(Self.create, Self.request(slot), key: "key-of-admin")
            #expect(answer.status == 201)
            let lines = server.logs.lines.filter { $0.contains(Self.create) }
            #expect(lines.count == 1)
            #expect(lines.first?.contains("rpc.status=201") == true)
            #expect(!server.logs.lines.contains { $0.contains("key-of-admin") })
            await connection.close()
        }
    }

    @Test func `of two hundred who call for a slot as many get it as there is room for`() async throws {
        try await TestServer.run { server in
            let members = try await server.crowd(200)
            let slot = try await server.slot(capacity: 7)
            let calendar = try await server.admin.watch(VenueCalendar(venue: slot.venueID.rawValue))

            let answers = try await withThrowingTaskGroup(of: RPCAnswer.self) { group in
                for member in members {
                    group.addTask {
                        let connection = try await member.connect()
                        let answer = try await connection.rpc(Self.create, Self.request(slot))
                        await connection.close()
                        return answer
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }

            #expect(answers.count { $0.status == 201 } == 7)
            #expect(answers.count { $0.status == 409 && $0.problem?.code == "booking.no_room" } == 193)
            let snapshot = try await server.admin.calendar(slot.venueID)
            let told = try await calendar.read(through: snapshot.stream.offset).map { try $0.event(OccupancyChanged.self).data }
            #expect(told.map(\.unitsFree) == (0..<7).reversed())
            await calendar.connection.close()
        }
    }

    @Test func `who signs out by rpc is closed out before the answer`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let connection = try await ana.connect()
            await #expect(throws: ClosedConnection.self) { try await connection.rpc("gym.users.logout") }
            #expect(await connection.closed().code == 3500)
            #expect(try await ana.rest.get("/api/v1/users/me").status == 401)
        }
    }
}
