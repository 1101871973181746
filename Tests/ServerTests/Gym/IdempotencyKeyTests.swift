import Client
import Gym
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(5))) struct IdempotencyKeyTests {
    @Test func `a repeated request is answered again and books nothing more`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let slot = try await server.slot(capacity: 5)
            let first = try await ana.reserve(slot, key: "k-1")
            let second = try await ana.reserve(slot, key: "k-1")
            #expect(first.status == 201 && second.status == 201)
            #expect(first.header("Idempotent-Replayed") == nil)
            #expect(second.header("Idempotent-Replayed") == "true")
            #expect(second.body == first.body)
            #expect(second.header("Location") == first.header("Location"))
            #expect(try await ana.ownReservations().stream.offset == 1)
            #expect(try await ana.calendar(slot.venueID).slots.map(\.unitsFree) == [4])
        }
    }

    @Test func `white space and the order of members make no other request`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let slot = try await server.slot(capacity: 5)
            let headers = [("Idempotency-Key", "same")]
            let bodies = [
                #"{"user_id":\#(ana.id),"time_slot_id":\#(slot.id)}"#, #"{ "time_slot_id" : \#(slot.id), "user_id" : \#(ana.id) }"#,
            ]
            var answers: [RESTResponse] = []
            for body in bodies { answers.append(try await ana.rest.post("/api/v1/reservations", body: RawJSON(body), headers: headers)) }
            #expect(answers.map(\.status) == [201, 201])
            #expect(answers[0].body == answers[1].body)
        }
    }

    @Test func `a key with another request is refused`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let venue = try await server.venue()
            let slots = [try await server.slot(at: venue), try await server.slot(SlotSketch("12:00", "13:00"), at: venue)]
            _ = try await ana.reserve(slots[0], key: "k").success()
            let refusal = try await ana.reserve(slots[1], key: "k")
            #expect(refusal.status == 422)
            #expect(refusal.problem?.code == "request.idempotency_key_reused")
            let body = ["time_slot_id": slots[0].id.rawValue]
            #expect(try await ana.rest.post("/api/reservations", body: body, headers: [("Idempotency-Key", "k")]).status == 422)
            #expect(try await ana.ownReservations().items.count == 1)
        }
    }

    @Test func `keys of different people are different keys`() async throws {
        try await TestServer.run { server in
            let slot = try await server.slot(capacity: 5)
            for name in ["ana", "ben"] {
                let member = try await server.member(name)
                let answer = try await member.reserve(slot, key: "k")
                #expect(answer.header("Idempotent-Replayed") == nil)
                #expect(try answer.decode(Reservation.self).userID.rawValue == member.id)
            }
        }
    }

    @Test func `a key that is no key is malformed`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let slot = try await server.slot(capacity: 5)
            for key in ["", "two words", String(repeating: "k", count: 256), "schlüssel"] {
                let refusal = try await ana.reserve(slot, key: key)
                #expect(refusal.status == 400, "\(key)")
                #expect(refusal.problem?.code == "request.malformed_idempotency_key", "\(key)")
            }
            #expect(try await ana.reserve(slot, key: String(repeating: "k", count: 255)).status == 201)
        }
    }

    @Test func `a refusal is not kept`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let slot = try await server.slot(capacity: 1)
            let first = try await ana.reserved(slot)
            #expect(try await ben.reserve(slot, key: "k").status == 409)
            #expect(try await ben.reserve(slot, key: "k").status == 409)
            try await ana.cancel(first).success()
            let answer = try await ben.reserve(slot, key: "k")
            #expect(answer.status == 201)
            #expect(answer.header("Idempotent-Replayed") == nil)
        }
    }

    @Test func `requests with one key that come together change something once`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let slot = try await server.slot(capacity: 50)
            let answers = try await withThrowingTaskGroup(of: RESTResponse.self) { group in
                for _ in 1...20 { group.addTask { try await ana.reserve(slot, key: "k") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0.status == 201 })
            #expect(Set(answers.map(\.text)).count == 1)
            #expect(answers.count { $0.header("Idempotent-Replayed") == nil } == 1)
            #expect(try await ana.calendar(slot.venueID).slots.map(\.unitsFree) == [49])
        }
    }

    @Test func `every operation that changes something honours a key`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let headers = [("Idempotency-Key", "k-venue")]
            let venues = [
                try await server.admin.rest.post("/api/v1/venues", body: VenueSketch(), headers: headers),
                try await server.admin.rest.post("/api/v1/venues", body: VenueSketch(), headers: headers),
            ]
            #expect(venues[0].body == venues[1].body)
            #expect(try await server.rest.get("/api/v1/venues").success().decode(Page<Venue>.self).items.count == 1)
            let reservation = try await ana.reserved(server.slot(at: venues[0].decode(Venue.self)))
            for isReplay in [false, true] {
                let path = "/api/v1/reservations/\(reservation.id)"
                let answer = try await ana.rest.delete(path, headers: [("Idempotency-Key", "k-cancel")])
                #expect(answer.status == 204)
                #expect((answer.header("Idempotent-Replayed") == "true") == isReplay)
            }
        }
    }

    @Test func `a key is remembered over a restart`() async throws {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let time = ManualTime()
        let (slot, first) = try await TestServer.run(in: directory, time: time) { server in
            let slot = try await server.slot(capacity: 5)
            return (slot, try await server.member("ana").reserve(slot, key: "k").success().text)
        }
        try await TestServer.run(in: directory, time: time) { server in
            let ana = try await server.signIn("ana")
            let again = try await ana.reserve(slot, key: "k")
            #expect(again.status == 201)
            #expect(again.text == first)
            #expect(again.header("Idempotent-Replayed") == "true")
            #expect(try await ana.calendar(slot.venueID).slots.map(\.unitsFree) == [4])
        }
    }
}
