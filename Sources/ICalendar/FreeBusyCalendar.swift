import Wire

/// When somebody or something can't be had, and not what for: an iCalendar object with one VFREEBUSY (RFC 5545, section 3.6.4), all in UTC.
public struct FreeBusyCalendar: Sendable {
    /// Why a time can't be had (FBTYPE).
    public enum Kind: String, CaseIterable, Sendable {
        case busy = "BUSY"
        case tentative = "BUSY-TENTATIVE"
        case unavailable = "BUSY-UNAVAILABLE"
    }

    /// Stays the same for ever and is nobody else's.
    public var uid: String
    /// The last change: DTSTAMP.
    public var changedAt: Instant
    /// What is told of; what is not told to be busy in it is free.
    public var interval: Interval
    /// In any order, and they may overlap; whoever makes the calendar bounds them.
    public var times: [Kind: [Interval]]

    public init(uid: String, changedAt: Instant, interval: Interval, times: [Kind: [Interval]]) {
        self.uid = uid
        self.changedAt = changedAt
        self.interval = interval
        self.times = times
    }

    /// The calendar as it is served, in UTF-8. The same times give the same bytes, so that a hash of them can be an ETag.
    public var bytes: [UInt8] {
        var lines = ContentLines()
        lines.calendar { lines in
            lines.component("VFREEBUSY") { lines in
                lines.add("UID", text: uid)
                lines.add("DTSTAMP", changedAt.basic)
                lines.add("DTSTART", interval.start.basic)
                lines.add("DTEND", interval.end.basic)
                for (kind, period) in periods {
                    lines.add("FREEBUSY;FBTYPE=\(kind.rawValue)", "\(period.start.basic)/\(period.end.basic)")
                }
            }
        }
        return lines.bytes
    }

    /// Those of one kind that meet are one; all of them in the order of their times.
    private var periods: [(kind: Kind, period: Interval)] {
        Kind.allCases
            .flatMap { kind in merged(times[kind, default: []]).map { (kind: kind, period: $0) } }
            .sorted { ($0.period.start, $0.period.end) < ($1.period.start, $1.period.end) }
    }

    private func merged(_ times: [Interval]) -> [Interval] {
        var merged: [Interval] = []
        for time in times.filter(interval.overlaps).sorted(by: { $0.start < $1.start }) {
            let (start, end) = (max(time.start, interval.start), min(time.end, interval.end))
            if let last = merged.last, start <= last.end {
                merged[merged.count - 1] = Interval(start: last.start, end: max(last.end, end))
            } else {
                merged.append(Interval(start: start, end: end))
            }
        }
        return merged
    }
}
