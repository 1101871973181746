import ICalendar
import Testing
import Wire

@Suite struct FreeBusyCalendarTests {
    @Test func `times that meet are one, what lies outside is cut, and all are in order`() throws {
        let calendar = FreeBusyCalendar(
            uid: "a", changedAt: hour(0), interval: interval(10, 20),
            times: [
                .busy: [interval(14, 15), interval(8, 11), interval(12, 13), interval(11, 12), interval(2, 10)],
                .tentative: [interval(14, 16), interval(13, 15)], .unavailable: [interval(19, 30), interval(20, 22)],
            ]
        )
        let lines = String(decoding: calendar.bytes, as: UTF8.self).split(separator: "\r\n")
        #expect(lines.contains("DTSTART:19700101T100000Z") && lines.contains("DTEND:19700101T200000Z"))
        #expect(
            lines.filter { $0.hasPrefix("FREEBUSY") } == [
                "FREEBUSY;FBTYPE=BUSY:19700101T100000Z/19700101T130000Z",
                "FREEBUSY;FBTYPE=BUSY-TENTATIVE:19700101T130000Z/19700101T160000Z",
                "FREEBUSY;FBTYPE=BUSY:19700101T140000Z/19700101T150000Z",
                "FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:19700101T190000Z/19700101T200000Z",
            ])
    }

    private func interval(_ start: Int64, _ end: Int64) -> Interval { Interval(start: hour(start), end: hour(end)) }

    private func hour(_ hour: Int64) -> Instant { Instant(microseconds: hour * 3_600_000_000) }
}
