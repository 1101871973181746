import Core
import Wire

/// A calendar to subscribe to: an iCalendar object (RFC 5545 with the NAME and REFRESH-INTERVAL of RFC 7986) without a METHOD, since nobody is
/// invited by it.
public struct CalendarFeed: Sendable {
    public var name: String
    /// How often a program should look again, in minutes.
    public var refreshMinutes: Int
    /// Whoever makes the feed bounds them.
    public var events: [CalendarEvent]

    public init(name: String, refreshMinutes: Int = 15, events: [CalendarEvent]) {
        self.name = name
        self.refreshMinutes = refreshMinutes
        self.events = events
    }

    /// The media type of ``bytes(_:)``.
    public static let mediaType = "text/calendar; charset=utf-8"

    /// The calendar as it is served, in UTF-8. The same feed gives the same bytes, so that a hash of them can be an ETag.
    ///
    /// - Throws: ``LocalTimeError`` when an event's zone is unknown, or when a series starts at a local time that does not exist.
    public func bytes(_ zones: any TimeZones) throws(LocalTimeError) -> [UInt8] {
        let events = try events.map { event throws(LocalTimeError) in try ZonedEvent(event, zones) }
        var lines = ContentLines()
        try lines.calendar { lines throws(LocalTimeError) in
            lines.add("NAME", text: name)
            lines.add("X-WR-CALNAME", text: name)
            lines.add("REFRESH-INTERVAL;VALUE=DURATION", "PT\(refreshMinutes)M")
            lines.add("X-PUBLISHED-TTL", "PT\(refreshMinutes)M")
            for (zone, span) in Self.spans(of: events) { lines.add(zone, observances: try zones.rules(of: zone).observances(in: span)) }
            for event in events { lines.add(event) }
        }
        return lines.bytes
    }

    /// For each zone by its name, from when to when its rules have to be known.
    private static func spans(of events: [ZonedEvent]) -> [(String, ObservedSpan)] {
        var spans: [String: ObservedSpan] = [:]
        for event in events {
            guard let zone = event.zone else { continue }
            spans[zone] = spans[zone].map { $0.union(event.span) } ?? event.span
        }
        return spans.sorted { $0.key < $1.key }
    }
}
