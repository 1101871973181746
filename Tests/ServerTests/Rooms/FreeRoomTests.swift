import Client
import Rooms
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(2))) struct FreeRoomTests {
    @Test func `rooms are found that are free for the whole time, large enough, and meant`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let (large, small, middle) = (
                try await server.room("Large", capacity: 20), try await server.room("Small", capacity: 4),
                try await server.room("Middle 100%", capacity: 8)
            )
            _ = try await ana.booked(small.id, "2026-07-02T09:00:00Z", "2026-07-02T10:00:00Z")
            let broken = try await server.room("Broken", capacity: 50)
            try await server.admin.meet("PATCH", "/rooms/\(broken.id)/status", #"{"status":"maintenance"}"#).success()

            func find(_ start: String, _ end: String, _ more: String = "") async throws -> [Room.ID] {
                try await ana.meet("GET", "/rooms/free?startTime=2026-07-02T\(start)Z&endTime=2026-07-02T\(end)Z\(more)")
                    .payload(NumberedPage<Room>.self).items.map(\.id)
            }
            #expect(try await find("10:00:00", "11:00:00") == [small.id, middle.id, large.id])
            #expect(try await find("09:30:00", "10:30:00") == [middle.id, large.id])
            #expect(try await find("09:30:00", "10:30:00", "&capacity=10") == [large.id])
            #expect(try await find("10:00:00", "11:00:00", "&q=SMALL") == [small.id])
            #expect(try await find("10:00:00", "11:00:00", "&q=0%25") == [middle.id])
            #expect(try await find("10:00:00", "11:00:00", "&limit=1&page=2") == [middle.id])
            let instant = "2026-07-02T10:00:00Z"
            for query in ["startTime=\(instant)", "startTime=x&endTime=y", "startTime=\(instant)&endTime=\(instant)"] {
                #expect(try await ana.meet("GET", "/rooms/free?\(query)").status == 400, "\(query)")
            }
        }
    }

    @Test func `a timeline shows the days of the room's own wall clock`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room: Room = try await server.admin.meet(
                "POST", "/rooms", #"{"name":"Santiago","capacity":4,"timeZone":"America/Santiago"}"#
            ).payload()
            let unknown = try await server.admin.meet("POST", "/rooms", #"{"name":"Olympus","capacity":4,"timeZone":"Mars/Olympus"}"#)
            #expect(try unknown.refusal.errors?.map(\.pointer) == ["/timeZone"])
            // From late on the evening before, by the clock of Santiago, into the day.
            _ = try await ana.booked(room.id, "2026-07-02T02:00:00Z", "2026-07-02T05:00:00Z", title: "Late")
            _ = try await ana.booked(room.id, "2026-07-05T15:00:00Z", "2026-07-05T16:00:00Z", title: "Sunday")

            let day = try await ana.timeline(room.id)
            #expect(day.timeZone == "America/Santiago" && day.startDate == day.endDate)
            #expect(day.startTime.description == "2026-07-02T04:00:00.000Z" && day.endTime.description == "2026-07-03T04:00:00.000Z")
            #expect(day.occupations.map(\.label) == ["Late"])
            let week = try await ana.timeline(room.id, "span=week&date=2026-07-02")
            #expect("\(week.startDate) \(week.endDate)" == "2026-06-29 2026-07-05")
            #expect(week.occupations.map(\.label) == ["Late", "Sunday"])
            #expect(try await ana.timeline(room.id, "").startDate.description == "2026-06-30")
            // There the clock is moved forward at midnight: the day begins at one.
            let short = try await ana.timeline(room.id, "date=2026-09-06")
            #expect(short.endTime.instant.seconds(since: short.startTime.instant) == 23 * 3_600)
            for query in ["date=2026-13-01", "span=month"] {
                #expect(try await ana.meet("GET", "/rooms/\(room.id)/timeline?\(query)").status == 400)
            }
        }
    }
}
