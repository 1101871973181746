import Client
import Rooms
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(5))) struct OverlapTests {
    @Test func `a room has one party at a time, and the refusal lists what stands in the way`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let room = try await server.room()
            _ = try await ana.booked(room.id, "2026-07-02T09:00:00Z", "2026-07-02T10:00:00Z")
            // Half-open: what begins where another ends does not overlap it. Any offset names the same instant.
            _ = try await ana.booked(room.id, "2026-07-02T18:00:00+08:00", "2026-07-02T19:00:00+08:00")

            for (start, end) in [("09:00:00", "10:00:00"), ("08:00:00", "12:00:00"), ("09:59:00", "10:01:00"), ("09:15:00", "09:16:00")] {
                let refused = try await ben.book(room.id, "2026-07-02T\(start)Z", "2026-07-02T\(end)Z")
                #expect(refused.status == 409, "\(start) \(end)")
                #expect(try refused.refusal.code == "booking.no_room" && refused.refusal.error == "Conflict")
            }
            let refused = try await ben.book(room.id, "2026-07-02T08:00:00Z", "2026-07-02T12:00:00Z")
            #expect(
                try refused.refusal.conflicts?.map(\.startTime) == ["2026-07-02T09:00:00.000Z", "2026-07-02T10:00:00.000Z"]
            )
            #expect(!refused.text.contains("ana") && !refused.text.contains("Planning"))
            _ = try await ben.booked(room.id, "2026-07-02T11:00:00Z", "2026-07-02T11:01:00Z")
            _ = try await ben.booked(try await server.room("Other").id, "2026-07-02T09:00:00Z", "2026-07-02T10:00:00Z")
        }
    }

    @Test func `a reservation moves under its id, or stays as it was`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            let id = try await ana.booked(room.id, "2026-07-02T09:00:00Z", "2026-07-02T10:00:00Z")
            _ = try await ana.booked(room.id, "2026-07-02T11:00:00Z", "2026-07-02T12:00:00Z", title: "Other")

            // Its own time is not in its way.
            let shifted = try await ana.meet("PATCH", "/reservations/\(id)", #"{"endTime":"2026-07-02T10:30:00Z"}"#)
            #expect(try shifted.payload(MeetingView.self).endTime == "2026-07-02T10:30:00.000Z")
            let before = try await ana.meeting(id)
            let refused = try await ana.meet(
                "PATCH", "/reservations/\(id)", #"{"title":"New","endTime":"2026-07-02T11:30:00Z"}"#
            )
            #expect(refused.status == 409)
            #expect(try refused.refusal.conflicts?.map(\.startTime) == ["2026-07-02T11:00:00.000Z"])
            #expect(try await ana.meeting(id) == before)
            #expect(try await ana.timeline(room.id).occupations.map(\.label) == ["Planning", "Other"])

            let moved = try await ana.meet(
                "PATCH", "/reservations/\(id)", #"{"startTime":"2026-07-02T13:00:00Z","endTime":"2026-07-02T14:00:00Z"}"#
            )
            #expect(try moved.payload(MeetingView.self).id == id)
            _ = try await ana.booked(room.id, "2026-07-02T09:00:00Z", "2026-07-02T10:30:00Z", title: "Third")
            #expect(try await ana.timeline(room.id).occupations.map(\.label) == ["Third", "Other", "Planning"])
        }
    }

    @Test func `of a hundred overlapping requests at once exactly one is accepted`() async throws {
        try await TestServer.run { server in
            let members = try await server.crowd(10)
            let room = try await server.room()
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<100 {
                    let minute = number % 30
                    group.addTask {
                        try await members[number % 10].book(
                            room.id, "2026-07-02T09:\(minute < 10 ? "0" : "")\(minute):00Z", "2026-07-02T10:00:00Z"
                        ).status
                    }
                }
                return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
            }
            #expect(statuses == [201: 1, 409: 99])
            #expect(try await members[0].timeline(room.id).occupations.count == 1)
        }
    }

    @Test func `a room that is not in order or not in service takes no reservations and keeps those that it has`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            let id = try await ana.booked(room.id, "2026-07-02T09:00:00Z", "2026-07-02T10:00:00Z")
            for (shut, open) in [
                (#"{"status":"maintenance"}"#, #"{"status":"available"}"#), (#"{"status":"disabled"}"#, #"{"status":"available"}"#),
                (#"{"isActive":false}"#, #"{"isActive":true}"#),
            ] {
                try await server.admin.meet("PATCH", "/rooms/\(room.id)", shut).success()
                let refused = try await ana.book(room.id, "2026-07-02T12:00:00Z", "2026-07-02T13:00:00Z")
                #expect(refused.status == 409)
                #expect(try refused.refusal.code == "room.not_available")
                #expect(try await ana.meet("PATCH", "/reservations/\(id)", #"{"endTime":"2026-07-02T11:00:00Z"}"#).status == 409)
                #expect(try await ana.meet("PATCH", "/reservations/\(id)", #"{"description":"soon"}"#).status == 200)
                try await server.admin.meet("PATCH", "/rooms/\(room.id)", open).success()
            }
            #expect(try await ana.book(room.id, "2026-07-02T12:00:00Z", "2026-07-02T13:00:00Z").status == 201)
        }
    }

    @Test func `a room with reservations to come can't be removed, and one with past ones can`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            let past = try await ana.booked(room.id, "2026-06-01T09:00:00Z", "2026-06-01T10:00:00Z")
            let id = try await ana.booked(room.id, "2026-07-02T09:00:00Z", "2026-07-02T10:00:00Z")

            let refused = try await server.admin.meet("DELETE", "/rooms/\(room.id)")
            #expect(refused.status == 409)
            #expect(try refused.refusal.conflicts?.map(\.startTime) == ["2026-07-02T09:00:00.000Z"])
            try await ana.meet("DELETE", "/reservations/\(id)").success()
            #expect(try await server.admin.meet("DELETE", "/rooms/\(room.id)").status == 204)
            #expect(try await ana.meeting(past).room.name == room.name)
            #expect(try await ana.meet("DELETE", "/reservations/\(past)").status == 409)
        }
    }

    @Test func `a room is occupied while it is in use`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            _ = try await ana.booked(room.id, "2026-07-01T00:30:00Z", "2026-07-01T01:00:00Z")
            for (status, occupied) in [(Room.Status.available, 0), (.occupied, 1), (.available, 0)] {
                // A token is good for a quarter of an hour.
                let ana = try await server.signIn("ana")
                #expect(try await ana.meet("GET", "/rooms/\(room.id)").payload(Room.self).status == status)
                let found = try await ana.meet("GET", "/rooms?status=occupied").payload(NumberedPage<Room>.self)
                #expect(found.meta.total == occupied)
                let free = try await ana.meet("GET", "/rooms?status=available").payload(NumberedPage<Room>.self)
                #expect(free.meta.total == 1 - occupied)
                server.time.advance(bySeconds: 1_800)
            }
        }
    }

    @Test(
        arguments: [
            (#"{"startTime":"2026-07-02T09:00:00Z","endTime":"2026-07-02T09:00:00Z"}"#, "/endTime"),
            (#"{"startTime":"2026-07-02T09:00:00Z","endTime":"2026-07-02T08:00:00Z"}"#, "/endTime"),
            (#"{"startTime":"2026-07-02T09:00:00Z","endTime":"2026-07-03T09:00:01Z"}"#, "/endTime"),
            (#"{"startTime":"2026-07-02 9 Uhr","endTime":"2026-07-02T10:00:00Z"}"#, "/startTime"),
            (#"{"startTime":"2026-02-30T09:00:00Z","endTime":"2026-07-02T10:00:00Z"}"#, "/startTime"),
            (#"{"startTime":"2026-07-02T09:00:00","endTime":"2026-07-02T10:00:00Z"}"#, "/startTime"),
            (#"{"startTime":1782982800,"endTime":"2026-07-02T10:00:00Z"}"#, "/startTime"),
            (#"{"endTime":"2026-07-02T10:00:00Z"}"#, "/startTime"), (#"{"title":" "}"#, "/title"), (#"{"title":7}"#, "/title"),
            (#"{"title":null}"#, "/title"), (#"{"roomId":"one"}"#, "/roomId"), (#"{"roomId":0}"#, "/roomId"),
            (#"{"roomId":9007199254740992}"#, "/roomId"), (#"{"roomId":999999}"#, "/roomId"), (#"{"description":[]}"#, "/description"),
            (#"{"isPrivate":"yes"}"#, "/isPrivate"),
        ]
    )
    func `what is wrong with a reservation is said field by field`(wrong: String, pointer: String) async throws {
        try await TestServer.run { server in
            let room = try await server.room()
            var members: [String: RawJSON] = [
                "title": RawJSON(#""Planning""#), "startTime": RawJSON(#""2026-07-02T09:00:00Z""#),
                "endTime": RawJSON(#""2026-07-02T10:00:00Z""#), "roomId": RawJSON("\(room.id)"),
            ]
            let given = try JSONMembers.read(wrong)
            if pointer == "/startTime", given["startTime"] == nil { members["startTime"] = nil }
            members.merge(given) { $1 }
            let body = "{" + members.map { #""\#($0.key)":\#($0.value.text)"# }.joined(separator: ",") + "}"
            let refused = try await server.admin.meet("POST", "/reservations", body)
            #expect(refused.status == 400, "\(body)")
            #expect(try refused.refusal.errors?.contains { $0.pointer == pointer } == true, "\(refused.text)")
            #expect(try refused.refusal.message.contains(pointer))
            #expect(try await server.admin.timeline(room.id).occupations.isEmpty)
        }
    }
}
