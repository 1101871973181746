import Client
import Core
import ForeignPrograms
import Rooms
import SeededRandom
import ServerTesting
import Testing
import Wire

/// Series in calendars: what a program makes of their rules is what is booked, to the minute and whatever became of single dates.
@Suite(
    .timeLimit(.minutes(5)),
    .enabled(
        if: ForeignProgram.python(with: "icalendar", "recurring_ical_events") != nil,
        "icalendar and recurring-ical-events are missing: scripts/setup.sh installs them"))
struct SeriesFeedTests {
    /// Rules of all kinds, in zones whose clocks are changed by an hour, by half an hour and not at all; on the night of a change as well.
    private static let rules = [
        ("2026-07-06T09:00:00", 60, "FREQ=WEEKLY;BYDAY=MO,TH;COUNT=40", "Europe/Berlin"),
        ("2026-10-20T23:00:00", 300, "FREQ=DAILY;COUNT=10", "Europe/Berlin"),
        ("2026-10-24T23:30:00", 300, "FREQ=DAILY;COUNT=3", "Europe/Berlin"),
        ("2027-03-25T02:30:00", 45, "FREQ=DAILY;COUNT=6", "Europe/Berlin"),
        ("2027-03-27T23:30:00", 30, "FREQ=HOURLY;COUNT=7", "Europe/Berlin"),
        ("2026-10-24T23:15:00", 60, "FREQ=HOURLY;COUNT=7", "Europe/Berlin"),
        ("2026-07-01T16:00:00", 90, "FREQ=MONTHLY;BYDAY=-1FR;COUNT=12", "America/New_York"),
        ("2026-07-31T08:00:00", 30, "FREQ=MONTHLY;COUNT=6", "America/New_York"),
        ("2026-09-13T22:00:00", 240, "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU;WKST=SU;COUNT=20", "Australia/Lord_Howe"),
        ("2026-07-02T09:00:00", 60, "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1;COUNT=14", "Asia/Shanghai"),
        ("2026-07-02T13:00:00", 15, "FREQ=DAILY;INTERVAL=3;UNTIL=20261224T130000Z", "UTC"),
        ("2026-11-24T10:00:00", 60, "FREQ=YEARLY;COUNT=3", "Pacific/Chatham"),
    ]

    @Test(arguments: [5_545, 7_986] as [UInt64])
    func `a program that expands the rules finds the dates that are booked, whatever became of some of them`(seed: UInt64) async throws {
        try await TestServer.run { server in
            var ana = try await server.member("ana")
            var ids: [RoomSeries.ID] = []
            for (start, minutes, rule, zone) in Self.rules {
                let room = try await server.room()
                let body =
                    #"{"title":"Standup","roomId":\#(room.id),"startTime":"\#(start)","durationMinutes":\#(minutes),"#
                    + #""rule":"\#(rule)","timeZone":"\#(zone)"}"#
                ids.append(try await ana.meet("POST", "/series", body).payload(DatedSeries.self).series.id)
            }
            let path = try await ana.meet("PUT", "/feed").payload(FeedAddress.self).path
            let first = try await Self.compare(path, ana, server)
            // One for each series; one more for a date in which the clock is changed, three times; each date for those by the hour.
            #expect(Self.events(in: first) == Self.rules.count - 2 + 3 + 14)

            var dice = SplitMix64(seed: seed)
            for id in ids {
                for date in try await ana.series(id).dates { try await Self.change(date, by: ana, &dice) }
            }
            try await Self.compare(path, ana, server)

            for id in ids {
                let dates = try await ana.series(id).dates
                guard dates.count > 2 else { continue }
                let from = #""from":"\#(dates[dates.count / 2].date)""#
                try await ana.meet("PATCH", "/series/\(id)", #"{\#(from),"durationMinutes":10,"title":"Shorter","mode":"skip"}"#).success()
            }
            try await Self.compare(path, ana, server)

            // What is over is history, which the rule does not know any more.
            server.time.advance(bySeconds: 40 * 86_400)
            ana = try await server.signIn("ana")
            for id in ids {
                try await ana.meet("PATCH", "/series/\(id)", #"{"time":"11:20","title":"Review","mode":"skip"}"#).success()
            }
            try await Self.compare(path, ana, server)

            server.time.advance(bySeconds: 100 * 86_400)
            ana = try await server.signIn("ana")
            for id in ids.prefix(3) { try await ana.meet("DELETE", "/series/\(id)").success() }
            try await Self.compare(path, ana, server)
        }
    }

    @Test func `dates that were never booked are none, and a room's calendar has the series of everybody`() async throws {
        try await TestServer.run { server in
            let (ana, ben) = (try await server.member("ana"), try await server.member("ben"))
            let room = try await server.room()
            _ = try await ben.booked(room.id, "2026-07-03T01:30:00Z", "2026-07-03T02:30:00Z", title: "First")
            try await ana.repeating(room.id, "FREQ=DAILY;COUNT=5", more: #","mode":"skip""#).success()
            try await ben.repeating(room.id, "FREQ=DAILY;COUNT=2", start: "2026-07-04T11:00:00", more: #","isPrivate":true"#).success()
            let path = try await server.admin.meet("PUT", "/rooms/\(room.id)/feed").payload(FeedAddress.self).path
            let answer = try await server.rest.get(path)
            #expect(answer.text.contains("RRULE:FREQ=DAILY;UNTIL=20260706T010000Z\r\n"))
            #expect(answer.text.contains("EXDATE;TZID=Asia/Shanghai:20260703T090000\r\n"))
            #expect(Self.events(in: answer) == 3)
            let read = try ReadCalendar(answer)
            #expect(
                read.events.map { "\($0.start) \($0.summary)" } == [
                    "2026-07-02T01:00:00Z Standup", "2026-07-03T01:30:00Z First", "2026-07-04T01:00:00Z Standup",
                    "2026-07-04T03:00:00Z busy", "2026-07-05T01:00:00Z Standup", "2026-07-05T03:00:00Z busy",
                    "2026-07-06T01:00:00Z Standup",
                ])
        }
    }

    @Test func `a date that was changed is told apart by its place in the rule, and one that was cancelled is excluded`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            let made = try await ana.repeating(room.id, "FREQ=DAILY;COUNT=4").payload(DatedSeries.self)
            let ids = made.dates.compactMap(\.reservationId)
            let path = try await ana.meet("PUT", "/feed").payload(FeedAddress.self).path
            let before = try ReadCalendar(try await server.rest.get(path)).events
            server.time.advance(bySeconds: 60)
            try await ana.meet("PATCH", "/reservations/\(ids[1])", #"{"title":"Retrospective"}"#).success()
            server.time.advance(bySeconds: 60)
            try await ana.meet("DELETE", "/reservations/\(ids[2])").success()

            let answer = try await server.rest.get(path)
            let uid = "room-series-\(made.series.id)@ringside"
            #expect(answer.text.contains("RECURRENCE-ID;TZID=Asia/Shanghai:20260703T090000\r\n"))
            #expect(answer.text.contains("EXDATE;TZID=Asia/Shanghai:20260704T090000\r\n"))
            let after = try ReadCalendar(answer).events
            #expect(after.map(\.summary) == ["Standup", "Retrospective", "Standup"])
            #expect((before + after).allSatisfy { $0.uid == uid })
            #expect(before.map(\.sequence) == [0, 0, 0, 0] && after.map(\.sequence) == [120, 120, 120])
            #expect(after.map(\.changed) == ["2026-07-01T00:02:00Z", "2026-07-01T00:01:00Z", "2026-07-01T00:02:00Z"])
        }
    }

    @Test func `a title that is hidden on every date is not told by the rule`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            let made = try await ana.repeating(room.id, "FREQ=DAILY;COUNT=3").payload(DatedSeries.self)
            let path = try await server.admin.meet("PUT", "/rooms/\(room.id)/feed").payload(FeedAddress.self).path
            for id in made.dates.compactMap(\.reservationId) {
                try await ana.meet("PATCH", "/reservations/\(id)", #"{"isPrivate":true}"#).success()
            }
            let answer = try await server.rest.get(path)
            #expect(!answer.text.contains("Standup"))
            #expect(try ReadCalendar(answer).events.map(\.summary) == ["busy", "busy", "busy"])
        }
    }

    @Test func `a series that was cancelled as a whole is said to be`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let room = try await server.room()
            let made = try await ana.repeating(room.id, "FREQ=DAILY;COUNT=3").payload(DatedSeries.self)
            let path = try await ana.meet("PUT", "/feed").payload(FeedAddress.self).path
            server.time.advance(bySeconds: 60)
            try await ana.meet("DELETE", "/series/\(made.series.id)").success()
            let answer = try await server.rest.get(path)
            let read = try ReadCalendar(answer).events
            #expect(Self.events(in: answer) == 1)
            #expect(read.count == 3 && read.allSatisfy { $0.status == "CANCELLED" && $0.sequence == 60 })
            server.time.advance(bySeconds: 5 * 86_400)
            #expect(try ReadCalendar(try await server.rest.get(path)).events.isEmpty)
        }
    }

    /// Something happens to some dates.
    private static func change(_ date: SeriesDate, by ana: TestUser, _ dice: inout SplitMix64) async throws {
        guard let id = date.reservationId else { return }
        let path = "/reservations/\(id)"
        switch Int.random(in: 0..<6, using: &dice) {
        case 0: try await ana.meet("DELETE", path).success()
        case 1: try await ana.meet("PATCH", path, #"{"title":"Retrospective"}"#).success()
        case 2:
            let later = Int64.random(in: 1...5, using: &dice) * 3_600
            let (start, end) = (date.startTime.instant.advanced(bySeconds: later), date.endTime.instant.advanced(bySeconds: later))
            // The next one may stand there.
            let moved = try await ana.meet("PATCH", path, #"{"startTime":"\#(start.rfc3339)","endTime":"\#(end.rfc3339)"}"#)
            #expect([200, 409].contains(moved.status), "\(moved.text)")
        default: break
        }
    }

    /// The same occurrences by the calendar's rules and by the list of reservations; and the calendar tells the rules of its zones.
    @discardableResult
    private static func compare(_ path: String, _ ana: TestUser, _ server: TestServer) async throws -> RESTResponse {
        let answer = try await server.rest.get(path)
        let read = try ReadCalendar(answer, from: "2026-01-01", to: "2029-01-01")
        #expect(read.wrong.isEmpty, "\(read.wrong)")
        let midnight = server.time.now.advanced(bySeconds: -(server.time.now.wholeSeconds % 86_400))
        let window = Interval(start: midnight.advanced(bySeconds: -31 * 86_400), end: midnight.advanced(bySeconds: 400 * 86_400))
        let booked = try await ana.meet("GET", "/reservations/user").payload([MeetingView].self).compactMap { view -> String? in
            let (start, end) = (Instant(rfc3339: view.startTime), Instant(rfc3339: view.endTime))
            let interval = Interval(start: try #require(start), end: try #require(end))
            return interval.overlaps(window) ? "\(interval.start.rfc3339) \(interval.end.rfc3339) \(view.title)" : nil
        }
        let shown = read.events.filter { $0.status != "CANCELLED" }.map { "\($0.start) \($0.end) \($0.summary)" }
        #expect(!booked.isEmpty && shown.sorted() == booked.sorted())
        return answer
    }

    private static func events(in answer: RESTResponse) -> Int { answer.text.split(separator: "\r\n").count { $0 == "BEGIN:VEVENT" } }
}
