import Client
import Core
import Rooms
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(3))) struct SeriesTests {
    @Test func `each date of a series is a reservation like any other`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            let calendar = try await ana.watch(RoomCalendar(room: room.id.rawValue))
            let answer = try await ana.repeating(room.id, "FREQ=DAILY;COUNT=3")
            #expect(answer.status == 201 && answer.header("ETag") == #""1""#)
            let made = try answer.payload(DatedSeries.self)
            #expect(answer.header("Location") == "/meeting/api/series/\(made.series.id)")
            #expect(made.starts == ["2026-07-02T01:00:00.000Z", "2026-07-03T01:00:00.000Z", "2026-07-04T01:00:00.000Z"])
            #expect(made.dates.allSatisfy { $0.conflicts == nil })
            for _ in 1...3 { #expect(try await calendar.next(OccupationTaken.self).occupation.label == "Standup") }
            for date in made.dates {
                let view = try await ana.meeting(try #require(date.reservationId).rawValue)
                #expect(view.title == "Standup" && view.startTime == "\(date.startTime)" && view.seriesId == made.series.id.rawValue)
            }
            #expect(try await ana.series(made.series.id).dates == made.dates)
            #expect(try await ana.meet("GET", "/series").payload([RoomSeries].self) == [made.series])
        }
    }

    @Test func `a series keeps its wall time when the clocks are changed, and passes over a time that does not exist`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            let berlin = #","timeZone":"Europe/Berlin""#
            let autumn = try await ana.repeating(room.id, "FREQ=DAILY;COUNT=2", start: "2026-10-24T09:00:00", more: berlin)
            #expect(try autumn.payload(DatedSeries.self).starts == ["2026-10-24T07:00:00.000Z", "2026-10-25T08:00:00.000Z"])
            let spring = try await ana.repeating(room.id, "FREQ=DAILY;COUNT=2", start: "2027-03-27T02:30:00", more: berlin)
            let made = try spring.payload(DatedSeries.self)
            #expect(made.starts == ["2027-03-27T01:30:00.000Z", "2027-03-29T00:30:00.000Z"])
            #expect(made.gaps.map(\.description) == ["2027-03-28T02:30:00"])
        }
    }

    @Test func `where a date is taken it is all or nothing, or the others, or a report`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let room = try await server.room()
            _ = try await ben.booked(room.id, "2026-07-03T01:30:00Z", "2026-07-03T02:30:00Z", title: "Secret", more: #","isPrivate":true"#)

            let refused = try await ana.repeating(room.id, "FREQ=DAILY;COUNT=3")
            #expect(refused.status == 409)
            #expect(try refused.refusal.code == "room_series.conflicts")
            #expect(try refused.refusal.conflicts?.map(\.startTime) == ["2026-07-03T01:00:00.000Z"])
            #expect(try await ana.timeline(room.id, "span=week&date=2026-07-02").occupations.count == 1)
            #expect(try await ana.meet("GET", "/series").payload([RoomSeries].self).isEmpty)

            let asked = try await ana.meet(
                "POST", "/series/report",
                #"{"roomId":\#(room.id),"startTime":"2026-07-02T09:00:00","durationMinutes":60,"rule":"FREQ=DAILY;COUNT=3"}"#
            )
            let report = try asked.payload(SeriesReport.self)
            #expect(!report.isFree && report.dates.map { $0.conflicts?.count ?? 0 } == [0, 1, 0])
            #expect(report.dates[1].conflicts?.map { "\($0.startTime)" } == ["2026-07-03T01:30:00.000Z"])
            #expect(!asked.text.contains("Secret") && !asked.text.contains("ben"))
            #expect(try await ana.timeline(room.id, "span=week&date=2026-07-02").occupations.count == 1)

            let made = try await ana.repeating(room.id, "FREQ=DAILY;COUNT=3", more: #","mode":"skip""#).payload(DatedSeries.self)
            #expect(made.dates.map { $0.reservationId == nil } == [false, true, false])
            #expect(try await ana.series(made.series.id).dates.count == 2)
            #expect(try await ana.timeline(room.id, "span=week&date=2026-07-02").occupations.count == 3)
        }
    }

    @Test func `the longest series is one commit`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            let calendar = RoomCalendar(room: room.id.rawValue).name
            let before = try await ana.timeline(room.id).stream.position.offset
            let made = try await ana.repeating(room.id, "FREQ=DAILY;COUNT=730").payload(DatedSeries.self)
            #expect(made.dates.count == 730 && made.dates.allSatisfy { $0.reservationId != nil })
            let after = try await ana.timeline(room.id).stream
            #expect(after.channel == calendar && after.position.offset == before + 730)
        }
    }

    @Test func `a series that overlaps itself is in its own way`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            let body =
                #"{"title":"Long","roomId":\#(room.id),"startTime":"2026-07-02T09:00:00","durationMinutes":90,"#
                + #""rule":"FREQ=HOURLY;COUNT=4""#
            #expect(try await ana.meet("POST", "/series", body + "}").status == 409)
            let made = try await ana.meet("POST", "/series", body + #","mode":"skip"}"#).payload(DatedSeries.self)
            #expect(made.dates.map { $0.reservationId != nil } == [true, false, true, false])
        }
    }

    @Test func `a change of all moves what is to come and leaves what was changed by itself`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            let made = try await ana.repeating(room.id, "FREQ=DAILY;COUNT=4").payload(DatedSeries.self)
            let ids = made.dates.compactMap(\.reservationId)
            try await ana.meet(
                "PATCH", "/reservations/\(ids[1])", #"{"startTime":"2026-07-03T06:00:00Z","endTime":"2026-07-03T07:00:00Z"}"#
            ).success()
            try await ana.meet("DELETE", "/reservations/\(ids[2])").success()
            // The first date has begun.
            server.time.advance(bySeconds: 25 * 3_600 + 600)
            let later = try await server.signIn("ana")

            let path = "/series/\(made.series.id)"
            #expect(try await later.meet("PATCH", path, #"{"time":"10:00"}"#, headers: [("If-Match", #""2""#)]).status == 412)
            let changed = try await later.meet("PATCH", path, #"{"time":"10:00","title":"Review"}"#, headers: [("If-Match", #""1""#)])
            #expect(changed.status == 200 && changed.header("ETag") == #""2""#)
            #expect(try changed.payload(DatedSeries.self).starts == ["2026-07-03T06:00:00.000Z", "2026-07-05T02:00:00.000Z"])
            var views: [MeetingView] = []
            for id in [ids[0], ids[1], ids[3]] { views.append(try await later.meeting(id.rawValue)) }
            #expect(views.map(\.startTime) == ["2026-07-02T01:00:00.000Z", "2026-07-03T06:00:00.000Z", "2026-07-05T02:00:00.000Z"])
            #expect(views.map(\.title) == ["Standup", "Standup", "Review"])
        }
    }

    @Test func `dates move past each other`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            let made = try await ana.repeating(room.id, "FREQ=HOURLY;COUNT=5").payload(DatedSeries.self)
            for (time, first) in [("11:30", "03:30"), ("08:00", "00:00")] {
                let changed = try await ana.meet("PATCH", "/series/\(made.series.id)", #"{"time":"\#(time)"}"#).payload(DatedSeries.self)
                #expect(changed.starts.first == "2026-07-02T\(first):00.000Z")
                #expect(changed.dates.compactMap(\.reservationId) == made.dates.compactMap(\.reservationId))
            }
            #expect(try await ana.timeline(room.id).occupations.count == 5)
        }
    }

    @Test func `from a date on, a series becomes another one`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            let made = try await ana.repeating(room.id, "FREQ=DAILY;COUNT=4").payload(DatedSeries.self)
            let path = "/series/\(made.series.id)"
            let other = try await ana.meet("PATCH", path, #"{"from":"2026-07-04T09:00:00","durationMinutes":30}"#).payload(DatedSeries.self)
            #expect(other.series.id != made.series.id && other.series.rule.description == "FREQ=DAILY;COUNT=2")
            #expect(other.dates.map { "\($0.endTime)" } == ["2026-07-04T01:30:00.000Z", "2026-07-05T01:30:00.000Z"])
            #expect(other.dates.map(\.reservationId) == made.dates.suffix(2).map(\.reservationId))
            #expect(try await ana.series(made.series.id).dates == Array(made.dates.prefix(2)))

            #expect(try await ana.meet("DELETE", "\(path)?from=2026-07-03T09:00:00").status == 204)
            #expect(try await ana.series(made.series.id).dates == Array(made.dates.prefix(1)))
            #expect(try await ana.meet("DELETE", path).status == 204)
            #expect(try await ana.meet("GET", path).status == 404)
            #expect(try await ana.series(other.series.id).dates.count == 2)
            for (from, status) in [("2026-07-04T10:00:00", 400), ("tomorrow", 400)] {
                #expect(try await ana.meet("DELETE", "/series/\(other.series.id)?from=\(from)").status == status)
            }
        }
    }

    @Test func `another rule gives back the dates that it does not mean and takes the new ones`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            let made = try await ana.repeating(room.id, "FREQ=DAILY;COUNT=4").payload(DatedSeries.self)
            let changed = try await ana.meet("PATCH", "/series/\(made.series.id)", #"{"rule":"FREQ=DAILY;INTERVAL=2;COUNT=3"}"#)
                .payload(DatedSeries.self)
            #expect(changed.starts == ["2026-07-02T01:00:00.000Z", "2026-07-04T01:00:00.000Z", "2026-07-06T01:00:00.000Z"])
            #expect(changed.dates.prefix(2).map(\.reservationId) == [made.dates[0].reservationId, made.dates[2].reservationId])
            let days = try await ana.series(made.series.id)
            #expect(days.starts == changed.starts)
        }
    }

    @Test func `where a change meets others it is all or nothing, or the dates in question stay`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let room = try await server.room()
            let made = try await ana.repeating(room.id, "FREQ=DAILY;COUNT=3").payload(DatedSeries.self)
            _ = try await ben.booked(room.id, "2026-07-03T02:00:00Z", "2026-07-03T03:00:00Z")
            let path = "/series/\(made.series.id)"
            let refused = try await ana.meet("PATCH", path, #"{"time":"10:00","title":"New"}"#)
            #expect(refused.status == 409)
            #expect(try refused.refusal.conflicts?.map(\.startTime) == ["2026-07-03T02:00:00.000Z"])
            #expect(try await ana.series(made.series.id).dates == made.dates)
            #expect(try await ana.meeting(try #require(made.dates[0].reservationId).rawValue).title == "Standup")

            let changed = try await ana.meet("PATCH", path, #"{"time":"10:00","mode":"skip"}"#).payload(DatedSeries.self)
            #expect(changed.dates.map { $0.conflicts?.count ?? 0 } == [0, 1, 0])
            let standing = try await ana.series(made.series.id)
            #expect(standing.starts == ["2026-07-02T02:00:00.000Z", "2026-07-03T01:00:00.000Z", "2026-07-04T02:00:00.000Z"])
        }
    }

    @Test func `a series is its owner's and the administrators' affair`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let room = try await server.room()
            let made = try await ana.repeating(room.id, "FREQ=DAILY;COUNT=2").payload(DatedSeries.self)
            let path = "/series/\(made.series.id)"
            for (method, body) in [("GET", nil), ("PATCH", #"{"title":"Mine"}"#), ("DELETE", nil)] {
                #expect(try await server.rest.meet(method, path, body).status == 401)
                #expect(try await ben.meet(method, path, body).status == 403)
            }
            let changed = try await server.admin.meet("PATCH", path, #"{"title":"Yours"}"#).payload(DatedSeries.self)
            #expect(changed.series.userId.rawValue == ana.id)
            #expect(try await server.admin.meet("DELETE", path).status == 204)
            #expect(try await ana.timeline(room.id).occupations.isEmpty)
        }
    }

    @Test(
        arguments: [
            (#""rule":"FREQ=DAILY""#, "/rule"), (#""rule":"FREQ=DAILY;COUNT=731""#, "/rule"),
            (#""rule":"FREQ=DAILY;UNTIL=20400101T000000Z""#, "/rule"), (#""rule":"FREQ=SECONDLY;COUNT=2""#, "/rule"),
            (#""rule":"every day""#, "/rule"), (#""rule":"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1""#, "/rule"),
            (#""durationMinutes":0"#, "/durationMinutes"), (#""durationMinutes":1441"#, "/durationMinutes"),
            (#""startTime":"2026-07-02T09:00:00Z""#, "/startTime"), (#""timeZone":"Mars/Olympus""#, "/timeZone"),
            (#""roomId":999999"#, "/roomId"), (#""mode":"some""#, "/mode"), (#""title":"""#, "/title"),
        ]
    )
    func `what is wrong with a series is said field by field`(wrong: String, pointer: String) async throws {
        try await TestServer.run { server in
            let room = try await server.room()
            var members: [String: RawJSON] = [
                "title": RawJSON(#""Standup""#), "startTime": RawJSON(#""2026-07-02T09:00:00""#), "durationMinutes": RawJSON("60"),
                "rule": RawJSON(#""FREQ=DAILY;COUNT=2""#), "roomId": RawJSON("\(room.id)"),
            ]
            members.merge(try JSONMembers.read("{\(wrong)}")) { $1 }
            let body = "{" + members.map { #""\#($0.key)":\#($0.value.text)"# }.joined(separator: ",") + "}"
            let refused = try await server.admin.meet("POST", "/series", body)
            #expect(refused.status == 400, "\(refused.text)")
            #expect(try refused.refusal.errors?.contains { $0.pointer == pointer } == true, "\(refused.text)")
        }
    }

    @Test func `of many series at once on one room no two overlap`() async throws {
        try await TestServer.run { server in
            let members = try await server.crowd(6)
            let room = try await server.room()
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for (index, member) in members.enumerated() {
                    group.addTask { try await member.repeating(room.id, "FREQ=DAILY;COUNT=20", start: "2026-07-02T09:\(index)0:00").status }
                }
                return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
            }
            #expect(statuses == [201: 1, 409: 5])
            let all = try await server.admin.meet("GET", "/reservations").payload([MeetingView].self)
            #expect(all.count == 20 && Set(all.map(\.userId)).count == 1)
        }
    }
}
