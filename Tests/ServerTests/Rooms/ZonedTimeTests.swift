import Client
import Core
import Rooms
import ServerTesting
import Testing

@Suite(.timeLimit(.minutes(3))) struct ZonedTimeTests {
    private static let zoned = (
        start: "2026-07-02T17:00:00+08:00[Asia/Shanghai]", end: "2026-07-02T10:00:00Z[!Europe/Berlin][u-ca=chinese]"
    )

    @Test func `wherever a time is taken it may name its zone`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            let (start, end) = Self.zoned
            let query = "startTime=\(Self.escaped(start))&endTime=\(Self.escaped(end))"
            #expect(try await ana.meet("GET", "/rooms/free?\(query)").payload(NumberedPage<Room>.self).meta.total == 1)

            let booked = try await ana.book(room.id, start, end).payload(ReservedRoom.self)
            #expect("\(booked.startTime)" == "2026-07-02T09:00:00.000Z" && "\(booked.endTime)" == "2026-07-02T10:00:00.000Z")
            #expect(try await ana.meet("GET", "/rooms/free?\(query)").payload(NumberedPage<Room>.self).meta.total == 0)
            #expect(try await ana.meet("GET", "/agenda?\(query)").payload(Agenda.self).reservations.map(\.id) == [booked.id.rawValue])
            #expect(try await ana.meet("GET", "/invitations?\(query)").status == 200)

            let moved = try await ana.meet(
                "PATCH", "/reservations/\(booked.id)", #"{"startTime":"2026-07-02T08:30:00-01:00[-01:00]","endTime":"\#(end)"}"#
            )
            #expect(try moved.payload(MeetingView.self).startTime == "2026-07-02T09:30:00.000Z")
            let hold = try await ana.meet(
                "POST", "/holds",
                #"{"roomId":\#(room.id),"startTime":"2026-07-03T09:00:00+08:00[Asia/Shanghai]","endTime":"2026-07-03T02:00:00Z"}"#
            )
            #expect(try hold.payload(RoomHold.self).startTime.description == "2026-07-03T01:00:00.000Z")
        }
    }

    @Test(
        arguments: [
            ("2026-07-02T17:00:00+09:00[Asia/Shanghai]", "offset"), ("2026-07-02T17:00:00+08:00[Asia/Atlantis]", "choice"),
            ("2026-07-02T17:00:00+08:00[Asia/Shanghai][!u-ca=chinese]", "format"), ("2026-07-02T17:00:00[Asia/Shanghai]", "format"),
        ]
    )
    func `a zone that contradicts the offset, that nobody knows, or a tag that one had to know is refused by name`(
        time: String, code: String
    ) async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            let booked = try await ana.booked(room.id, "2026-07-05T09:00:00Z", "2026-07-05T10:00:00Z")
            let end = "2026-07-02T10:00:00Z"
            let query = "startTime=\(Self.escaped(time))&endTime=\(Self.escaped(end))"
            let body = #"{"title":"A","roomId":\#(room.id),"startTime":"\#(time)","endTime":"\#(end)"}"#
            for (method, path, sent) in [
                ("POST", "/reservations", body), ("POST", "/holds", body), ("PATCH", "/reservations/\(booked)", body),
                ("GET", "/rooms/free?\(query)", nil), ("GET", "/agenda?\(query)", nil), ("GET", "/invitations?\(query)", nil),
            ] {
                let refused = try await ana.meet(method, path, sent)
                #expect(refused.status == 400, "\(method) \(path)")
                let failures = try refused.refusal.errors ?? []
                #expect(failures.map(\.pointer) == ["/startTime"] && failures.map(\.code) == [code], "\(refused.text)")
            }
            #expect(try await ana.timeline(room.id).occupations.isEmpty)
        }
    }

    @Test func `a wall time of a series takes no zone beside its own`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            let refused = try await ana.repeating(room.id, "FREQ=DAILY;COUNT=2", start: "2026-07-02T09:00:00+08:00[Asia/Shanghai]")
            #expect(try refused.status == 400 && refused.refusal.errors?.map(\.pointer) == ["/startTime"])
        }
    }

    private static func escaped(_ time: String) -> String {
        time.replacing("+", with: "%2B").replacing("[", with: "%5B").replacing("]", with: "%5D").replacing("!", with: "%21")
    }
}
