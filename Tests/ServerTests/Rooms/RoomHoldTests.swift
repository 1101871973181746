import Client
import Core
import Rooms
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(3))) struct RoomHoldTests {
    @Test func `a held room is taken for others, and becomes a reservation under the same occupation`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let room = try await server.room()
            let calendar = try await ben.watch(RoomCalendar(room: room.id.rawValue))
            let personal = try await ana.listen()
            let answer = try await ana.hold(room.id)
            #expect(answer.status == 201)
            let hold = try answer.payload(RoomHold.self)
            #expect(answer.header("Location") == "/meeting/api/holds/\(hold.id)" && "\(hold.expiresAt)" == "2026-07-01T00:05:00.000Z")
            let taken = try await calendar.next(OccupationTaken.self).occupation
            #expect(taken.kind == "hold" && taken.label == nil && taken.expiresAt == hold.expiresAt.instant)
            #expect(try await personal.next(RoomHoldCreated.self).hold.id == hold.id.rawValue)
            #expect(try await ben.book(room.id, "2026-07-02T09:30:00Z", "2026-07-02T10:30:00Z").status == 409)
            #expect(try await ana.meet("GET", "/holds/\(hold.id)").payload(RoomHold.self) == hold)
            #expect(try await ana.meet("GET", "/holds").payload(OwnHolds.self).holds.map(\.id) == [hold.id.rawValue])

            // Not even the room's own end comes in between.
            try await server.admin.meet("PATCH", "/rooms/\(room.id)/status", #"{"status":"maintenance"}"#).success()
            _ = try await calendar.next(RoomChanged.self)
            let confirmed = try await ana.meet("POST", "/holds/\(hold.id)/confirmation", #"{"title":"Planning"}"#)
            #expect(confirmed.status == 201)
            let reservation = try confirmed.payload(ReservedRoom.self)
            let changed = try await calendar.next(OccupationChanged.self).occupation
            #expect(changed.id == taken.id && changed.kind == "reservation" && changed.expiresAt == nil && changed.label == "Planning")
            #expect(try await personal.next(RoomReservationCreated.self).reservation.id == reservation.id.rawValue)
            let ended = try await personal.next(RoomHoldEnded.self)
            #expect(ended.ending == "confirmed" && ended.reservationID == reservation.id.rawValue)
            let again = try await ana.meet("POST", "/holds/\(hold.id)/confirmation", #"{"title":"Planning"}"#)
            #expect(try again.status == 409 && again.refusal.code == "room_hold.ended")
            #expect(try await ana.meet("GET", "/holds").payload(OwnHolds.self).holds.isEmpty)
        }
    }

    @Test func `the holder is told how much time is left, and everybody that it has run out`() async throws {
        try await TestServer.run {
            $0.jobs.lookSeconds = 1
        } _: { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let room = try await server.room()
            let calendar = try await ben.watch(RoomCalendar(room: room.id.rawValue))
            let personal = try await ana.listen()
            let hold = try await ana.hold(room.id, more: #","seconds":60"#).payload(RoomHold.self)
            let taken = try await calendar.next(OccupationTaken.self).occupation
            _ = try await personal.next(RoomHoldCreated.self)
            for (pause, left) in [(30, 30), (20, 10)] as [(Int64, Int64)] {
                server.time.advance(bySeconds: pause)
                let expiring = try await personal.next(RoomHoldExpiring.self)
                #expect(expiring == RoomHoldExpiring(id: hold.id.rawValue, expiresAt: hold.expiresAt.instant, secondsLeft: left))
            }
            server.time.advance(bySeconds: 10)
            #expect(try await calendar.next(OccupationFreed.self).id == taken.id)
            #expect(try await personal.next(RoomHoldEnded.self).ending == "expired")
            let late = try await ana.meet("POST", "/holds/\(hold.id)/confirmation", #"{"title":"Planning"}"#)
            #expect(try late.status == 409 && late.refusal.code == "room_hold.expired")
            #expect(try await ben.book(room.id, "2026-07-02T09:00:00Z", "2026-07-02T10:00:00Z").status == 201)
        }
    }

    @Test func `from the instant of its end a hold is free, whether or not anything has run`() async throws {
        try await TestServer.run {
            $0.jobs.lookSeconds = 3_600
        } _: { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let room = try await server.room()
            let first = try await ana.hold(room.id, more: #","seconds":15"#).payload(RoomHold.self)
            server.time.advance(bySeconds: 14)
            #expect(try await ben.hold(room.id).status == 409)
            server.time.advance(bySeconds: 1)
            #expect(try await ana.meet("GET", "/holds/\(first.id)").status == 404)
            #expect(try await ana.timeline(room.id).occupations.isEmpty)
            let free = "/rooms/free?startTime=2026-07-02T09:00:00Z&endTime=2026-07-02T10:00:00Z"
            #expect(try await ana.meet("GET", free).payload(NumberedPage<Room>.self).meta.total == 1)
            #expect(try await ben.hold(room.id).status == 201)
            let late = try await ana.meet("POST", "/holds/\(first.id)/confirmation", #"{"title":"Planning"}"#)
            #expect(try late.status == 409 && late.refusal.code == "room_hold.expired")
        }
    }

    @Test func `who releases a hold gives the room back, and holds are few`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let room = try await server.room()
            let calendar = try await ben.watch(RoomCalendar(room: room.id.rawValue))
            let first = try await ana.hold(room.id).payload(RoomHold.self)
            let taken = try await calendar.next(OccupationTaken.self).occupation
            _ = try await ana.hold(try await server.room("Other").id).payload(RoomHold.self)
            let third = try await ana.hold(try await server.room("Third").id)
            #expect(try third.status == 409 && third.refusal.code == "room_hold.too_many")

            for (method, path) in [("GET", ""), ("DELETE", ""), ("POST", "/confirmation")] {
                let body = method == "POST" ? #"{"title":"Mine"}"# : nil
                #expect(try await server.rest.meet(method, "/holds/\(first.id)\(path)", body).status == 401)
                #expect(try await ben.meet(method, "/holds/\(first.id)\(path)", body).status == 403)
            }
            #expect(try await server.admin.meet("POST", "/holds/\(first.id)/confirmation", #"{"title":"Mine"}"#).status == 403)
            #expect(try await ana.meet("DELETE", "/holds/\(first.id)").status == 204)
            #expect(try await calendar.next(OccupationFreed.self).id == taken.id)
            #expect(try await ana.meet("DELETE", "/holds/\(first.id)").status == 409)
            #expect(try await ana.hold(try await server.room("Fourth").id).status == 201)
        }
    }

    @Test func `with its account a person's holds go`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            let calendar = try await server.admin.watch(RoomCalendar(room: room.id.rawValue))
            try await ana.hold(room.id).success()
            _ = try await calendar.next(OccupationTaken.self)
            #expect(try await server.admin.meet("DELETE", "/users/\(ana.id)").status == 204)
            _ = try await calendar.next(OccupationFreed.self)
        }
    }

    @Test(
        arguments: [
            (#""seconds":14"#, "/seconds"), (#""seconds":601"#, "/seconds"), (#""endTime":"2026-07-02T09:00:00Z""#, "/endTime"),
            (#""roomId":999999"#, "/roomId"), (#""startTime":null"#, "/startTime"),
        ]
    )
    func `what is wrong with a hold is said field by field`(wrong: String, pointer: String) async throws {
        try await TestServer.run { server in
            let room = try await server.room()
            var members: [String: RawJSON] = [
                "startTime": RawJSON(#""2026-07-02T09:00:00Z""#), "endTime": RawJSON(#""2026-07-02T10:00:00Z""#),
                "roomId": RawJSON("\(room.id)"),
            ]
            members.merge(try JSONMembers.read("{\(wrong)}")) { $1 }
            let body = "{" + members.map { #""\#($0.key)":\#($0.value.text)"# }.joined(separator: ",") + "}"
            let refused = try await server.admin.meet("POST", "/holds", body)
            #expect(refused.status == 400, "\(refused.text)")
            #expect(try refused.refusal.errors?.contains { $0.pointer == pointer } == true, "\(refused.text)")
        }
    }

    @Test func `of many who hold one room at once one has it, and of many confirmations one counts`() async throws {
        try await TestServer.run { server in
            let members = try await server.crowd(8)
            let room = try await server.room()
            let holds = try await withThrowingTaskGroup(of: (Int, RESTResponse).self) { group in
                for (index, member) in members.enumerated() { group.addTask { (index, try await member.hold(room.id)) } }
                return try await group.reduce(into: [(Int, RESTResponse)]()) { $0.append($1) }
            }
            let won = holds.filter { $0.1.status == 201 }
            #expect(won.count == 1 && holds.count { $0.1.status == 409 } == 7)
            let (index, answer) = try #require(won.first)
            let hold = try answer.payload(RoomHold.self)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await members[index].meet("POST", "/holds/\(hold.id)/confirmation", #"{"title":"A"}"#).status }
                }
                return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
            }
            #expect(statuses == [201: 1, 409: 7])
            #expect(try await members[0].timeline(room.id).occupations.count == 1)
        }
    }

    @Test func `after its end a hold is good for the room if it is still free, once`() async throws {
        try await TestServer.run {
            $0.jobs.lookSeconds = 3_600
        } _: { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let room = try await server.room()
            let body = #"{"title":"Planning","ifStillFree":true}"#
            let first = try await ana.hold(room.id, more: #","seconds":15"#).payload(RoomHold.self)
            server.time.advance(bySeconds: 15)
            #expect(try await ana.meet("POST", "/holds/\(first.id)/confirmation", #"{"title":"Planning"}"#).status == 409)
            let answer = try await ana.meet("POST", "/holds/\(first.id)/confirmation", body)
            #expect(answer.status == 201)
            let reservation = try answer.payload(ReservedRoom.self).id
            #expect(try await ana.timeline(room.id).occupations.map(\.label) == ["Planning"])
            let again = try await ana.meet("POST", "/holds/\(first.id)/confirmation", body)
            #expect(try again.status == 409 && again.refusal.code == "room_hold.ended")
            #expect(try await ana.meet("DELETE", "/reservations/\(reservation)").status == 204)

            let second = try await ana.hold(room.id, more: #","seconds":15"#).payload(RoomHold.self)
            server.time.advance(bySeconds: 15)
            let taken = try await ben.booked(room.id, "2026-07-02T09:30:00Z", "2026-07-02T10:30:00Z")
            let late = try await ana.meet("POST", "/holds/\(second.id)/confirmation", body)
            #expect(try late.status == 409 && late.refusal.code == "room_hold.expired")
            #expect(try await ben.meet("POST", "/holds/\(second.id)/confirmation", body).status == 403)
            #expect(try await ben.meet("DELETE", "/reservations/\(taken)").status == 204)

            try await server.admin.meet("PATCH", "/rooms/\(room.id)/status", #"{"status":"maintenance"}"#).success()
            let closed = try await ana.meet("POST", "/holds/\(second.id)/confirmation", body)
            #expect(try closed.status == 409 && closed.refusal.code == "room.not_available")
            try await server.admin.meet("PATCH", "/rooms/\(room.id)/status", #"{"status":"available"}"#).success()
            #expect(try await ana.meet("POST", "/holds/\(second.id)/confirmation", body).status == 201)
        }
    }

    @Test func `a hold whose end was told can still be good for the room`() async throws {
        try await TestServer.run {
            $0.jobs.lookSeconds = 1
        } _: { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            let personal = try await ana.listen()
            let hold = try await ana.hold(room.id, more: #","seconds":15"#).payload(RoomHold.self)
            _ = try await personal.next(RoomHoldCreated.self)
            server.time.advance(bySeconds: 15)
            #expect(try await personal.next(RoomHoldEnded.self).ending == "expired")
            let answer = try await ana.meet("POST", "/holds/\(hold.id)/confirmation", #"{"title":"Planning","ifStillFree":true}"#)
            #expect(answer.status == 201, "\(answer.text)")
            let reservation = try answer.payload(ReservedRoom.self).id.rawValue
            #expect(try await personal.next(RoomReservationCreated.self).reservation.id == reservation)
            let ended = try await personal.next(RoomHoldEnded.self)
            #expect(ended == RoomHoldEnded(id: hold.id.rawValue, ending: "confirmed", reservationID: reservation))
            #expect(try await ana.timeline(room.id).occupations.count == 1)
        }
    }
}

extension TestUser {
    /// Tries to hold a room on 2 July 2026 from nine to ten in UTC.
    func hold(_ room: Room.ID, more: String = "") async throws -> RESTResponse {
        try await meet(
            "POST", "/holds", #"{"roomId":\#(room),"startTime":"2026-07-02T09:00:00Z","endTime":"2026-07-02T10:00:00Z"\#(more)}"#
        )
    }
}
