import Core
import Recurrence
import SeededRandom
import Testing
import Wire

@testable import ICalendar

@Suite struct ContentLineTests {
    @Test func `lines have 75 octets at most, end with CRLF, and no character is cut`() throws {
        var random = SplitMix64(seed: 75)
        let alphabet: [Character] = ["a", " ", "é", "长", "🎱", ",", "\\", "\t"]
        for _ in 0..<500 {
            let text = String((0..<random.number(in: 0...300)).map { _ in alphabet[random.number(in: 0...alphabet.count - 1)] })
            var lines = ContentLines()
            lines.add("SUMMARY", text: text)
            #expect(lines.bytes.suffix(2) == [13, 10])
            let parts = lines.bytes.dropLast(2).split(separator: 10, omittingEmptySubsequences: false).map {
                $0.last == 13 ? $0.dropLast() : $0
            }
            #expect(parts.allSatisfy { $0.count <= 75 && String(validating: $0, as: UTF8.self) != nil })
            #expect(parts.dropFirst().allSatisfy { $0.first == 32 })
            let unfolded = parts.enumerated().flatMap { $0.offset == 0 ? Array($0.element) : Array($0.element.dropFirst()) }
            let escaped = text.replacing("\\", with: "\\\\").replacing(",", with: "\\,")
            #expect(String(decoding: unfolded, as: UTF8.self) == "SUMMARY:\(escaped)")
        }
    }

    @Test func `a line is folded no sooner than it has to be`() {
        var lines = ContentLines()
        lines.add("X", String(repeating: "a", count: 73 + 74))
        let text = "X:" + String(repeating: "a", count: 73) + "\r\n " + String(repeating: "a", count: 74) + "\r\n"
        #expect(String(decoding: lines.bytes, as: UTF8.self) == text)
    }

    @Test func `nobody adds a line to the calendar by a name`() throws {
        for name in ["a\r\nATTACH:http://evil", "a\nEND:VEVENT", "a\rX:1", "a\u{0}\u{1B}\u{85}b", "\r\n BEGIN:VALARM"] {
            let event = CalendarEvent(
                uid: name, changedAt: Instant(microseconds: 0),
                timing: .once(Interval(start: Instant(microseconds: 0), end: Instant(microseconds: 1_000_000))), summary: name,
                description: name, location: name
            )
            let bytes = try CalendarFeed(name: name, events: [event]).bytes(TimeZoneDatabase([:]))
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n").map { $0.prefix { $0 != ":" && $0 != ";" } }
            #expect(
                lines == [
                    "BEGIN", "VERSION", "PRODID", "CALSCALE", "NAME", "X-WR-CALNAME", "REFRESH-INTERVAL", "X-PUBLISHED-TTL", "BEGIN", "UID",
                    "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "STATUS", "SUMMARY", "DESCRIPTION", "LOCATION", "END",
                    "END",
                ])
        }
    }

    @Test func `an event of an unknown zone is refused`() throws {
        let event = CalendarEvent(
            uid: "a", changedAt: Instant(microseconds: 0),
            timing: .once(Interval(start: Instant(microseconds: 0), end: Instant(microseconds: 1))), zone: "Asia/Atlantis", summary: "a")
        #expect(throws: LocalTimeError.unknownZone) { try CalendarFeed(name: "a", events: [event]).bytes(TimeZoneDatabase()) }
    }

    @Test func `the rules of Berlin are two lines that come every year, and those of Shanghai one that does not`() throws {
        let zones = try TimeZoneDatabase()
        let span = ObservedSpan(start: try #require(Instant(rfc3339: "2026-07-01T00:00:00Z")), end: nil)
        let berlin = try zones.rules(of: "Europe/Berlin").observances(in: span)
        #expect(berlin.map { $0.rule?.description } == ["FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"])
        #expect(berlin.map { $0.onsets.map(\.description) } == [["2026-03-29T02:00:00"], ["2026-10-25T03:00:00"]])
        let shanghai = try zones.rules(of: "Asia/Shanghai").observances(in: span)
        #expect(shanghai.map { $0.onsets.map(\.description) } == [["1991-09-15T02:00:00"]])
        #expect(shanghai.map(\.rule) == [nil])
    }

    @Test func `a change outside of its day is told by the days on which it falls`() throws {
        let zones = try TimeZoneDatabase()
        let span = ObservedSpan(start: try #require(Instant(rfc3339: "2026-07-01T00:00:00Z")), end: nil)
        // At two after the fourth Thursday; at an hour before the last Sunday.
        let jerusalem = try zones.rules(of: "Asia/Jerusalem").observances(in: span)
        #expect(jerusalem.first?.rule?.description == "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=23,24,25,26,27,28,29;BYDAY=FR")
        let nuuk = try zones.rules(of: "America/Nuuk").observances(in: span)
        #expect(nuuk.first?.rule?.description == "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=-8,-7,-6,-5,-4,-3,-2;BYDAY=SA")
    }
}
