import Core
import ForeignPrograms
import Foundation
import ICalendar
import Recurrence
import SeededRandom
import Testing
import Wire

/// Calendars, read by programs that others wrote.
@Suite(
    .enabled(
        if: ForeignProgram.python(with: "zoneinfo", "dateutil.tz", "icalendar", "recurring_ical_events") != nil,
        "icalendar and recurring-ical-events are missing: scripts/setup.sh installs them"))
struct CalendarReadingTests {
    @Test func `what is written is what others read, whatever the names`() throws {
        let summary = "评审会议；第二季度规划与跨部门协作事项的详细讨论（含远程参会人员）🎱 a,b;c\\d\nnext\r\nline\u{7}"
        let event = CalendarEvent(
            uid: "reservation-7@ringside.example", sequence: 3, changedAt: instant("2026-06-01T08:00:00Z"),
            timing: .once(Interval(start: instant("2026-07-01T07:00:00Z"), end: instant("2026-07-01T08:30:00Z"))), zone: "Europe/Berlin",
            status: .tentative, summary: summary, description: String(repeating: "长", count: 500), location: "Raum \"A\": 3,5",
            isPrivate: true
        )
        let calendar = try read(CalendarFeed(name: "会议室 A", refreshMinutes: 30, events: [event]))
        #expect(calendar.name == "会议室 A")
        #expect(calendar.refresh == 1_800)
        let found = try #require(calendar.events.first)
        #expect(calendar.events.count == 1)
        #expect(found.uid == event.uid && found.sequence == 3 && found.changed == "2026-06-01T08:00:00Z")
        #expect(found.start == "2026-07-01T07:00:00Z" && found.end == "2026-07-01T08:30:00Z")
        #expect(found.status == "TENTATIVE" && found.class == "PRIVATE")
        #expect(found.summary == summary.replacing("\r\n", with: "\n").replacing("\u{7}", with: ""))
        #expect(found.description == event.description && found.location == event.location)
    }

    @Test func `a series recurs where it should, with what was left out, added, moved and cancelled`() throws {
        let series = try RecurringSeries(
            start: local("2026-03-23T09:00"), rule: RecurrenceRule("FREQ=WEEKLY;BYDAY=MO;COUNT=5"), excluding: [local("2026-04-06T09:00")],
            adding: [local("2026-04-08T14:00")]
        )
        let master = meeting(.series(series, seconds: 3_600))
        let moved = try meeting(
            .exception(
                Interval(start: instant("2026-03-30T12:00:00Z"), end: instant("2026-03-30T12:30:00Z")), replacing: local("2026-03-30T09:00")
            ))
        var cancelled = try meeting(
            .exception(
                Interval(start: instant("2026-04-13T07:00:00Z"), end: instant("2026-04-13T08:00:00Z")), replacing: local("2026-04-13T09:00")
            ))
        cancelled.status = .cancelled
        let calendar = try read(CalendarFeed(name: "Room", events: [master, moved, cancelled]))
        #expect(
            calendar.events.map { "\($0.start) \($0.end) \($0.status)" } == [
                "2026-03-23T08:00:00Z 2026-03-23T09:00:00Z CONFIRMED", "2026-03-30T12:00:00Z 2026-03-30T12:30:00Z CONFIRMED",
                "2026-04-08T12:00:00Z 2026-04-08T13:00:00Z CONFIRMED", "2026-04-13T07:00:00Z 2026-04-13T08:00:00Z CANCELLED",
                "2026-04-20T07:00:00Z 2026-04-20T08:00:00Z CONFIRMED",
            ])
    }

    @Test func `the hour that comes twice is told apart`() throws {
        let events = [("first", "2026-10-25T00:30:00Z"), ("second", "2026-10-25T01:30:00Z")].map { uid, start in
            var event = meeting(.once(Interval(start: instant(start), end: instant(start).advanced(bySeconds: 600))))
            event.uid = uid
            return event
        }
        let calendar = try read(CalendarFeed(name: "Room", events: events))
        #expect(calendar.events.map(\.start) == ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"])
        #expect(calendar.events.map(\.end) == ["2026-10-25T00:40:00Z", "2026-10-25T01:40:00Z"])
    }

    @Test func `an empty calendar is one`() throws {
        #expect(try read(CalendarFeed(name: "Room", events: [])).events.isEmpty)
    }

    @Test func `every zone's rules are told so that a program that knows none of them agrees, from 2026 on without an end`() throws {
        let series = try RecurringSeries(start: local("2026-07-01T12:00"), rule: RecurrenceRule("FREQ=WEEKLY"))
        try compareZones(.series(series, seconds: 3_600), years: 2_026...2_045, from: "2026-07-01T12:00")
    }

    @Test func `every zone's rules are told as they were, from 1990 to 2026`() throws {
        let interval = Interval(start: instant("1990-01-02T00:00:00Z"), end: instant("2026-12-30T00:00:00Z"))
        try compareZones(.once(interval), years: 1_990...2_026, from: "1990-01-02T00:00")
    }

    private func compareZones(_ timing: CalendarEvent.Timing, years: ClosedRange<Int>, from: String) throws {
        let events = try Self.zones.get().names.sorted().map { zone in
            CalendarEvent(uid: zone, changedAt: instant("2026-06-01T08:00:00Z"), timing: timing, zone: zone, summary: zone)
        }
        var random = SplitMix64(seed: UInt64(years.lowerBound))
        let first = Int(try local(from).secondsSinceEpoch)
        let last = Int(try local("\(years.upperBound)-12-28T00:00").secondsSinceEpoch)
        let seconds = (0..<40).map { _ in String(random.number(in: first...last)) }
        let feed = CalendarFeed(name: "World", events: events)
        let different = try python().lines(
            of: "read-icalendar.py", ["zones"] + seconds, input: String(decoding: feed.bytes(Self.zones.get()), as: UTF8.self),
            environment: Self.environment
        )
        #expect(different.isEmpty, "\(different.count): \(different.prefix(5))")
    }

    private static let zones = Result { try TimeZoneDatabase() }
    private static let environment = ["PYTHONTZPATH": TimeZoneDatabase.systemDirectory]

    private func python() throws -> ForeignProgram { try #require(ForeignProgram.python(with: "zoneinfo", "icalendar")) }

    private func read(_ feed: CalendarFeed) throws -> ReadCalendar {
        let text = String(decoding: try feed.bytes(Self.zones.get()), as: UTF8.self)
        let calendar = try python().calendar(text, from: "2026-01-01", to: "2027-01-01", environment: Self.environment)
        #expect(calendar.wrong.isEmpty)
        return calendar
    }

    private func meeting(_ timing: CalendarEvent.Timing) -> CalendarEvent {
        CalendarEvent(
            uid: "series-1@ringside.example", changedAt: instant("2026-06-01T08:00:00Z"), timing: timing, zone: "Europe/Berlin",
            summary: "Stand-up"
        )
    }

    private func instant(_ text: String) -> Instant { Instant(rfc3339: text) ?? Instant(microseconds: 0) }

    private func local(_ text: String) throws -> LocalDateTime { try #require(LocalDateTime(text)) }
}
