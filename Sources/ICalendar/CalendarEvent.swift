import Recurrence
import Wire

/// A VEVENT (RFC 5545, section 3.6.1), as far as bookings need it.
public struct CalendarEvent: Sendable {
    public enum Status: String, Sendable {
        case confirmed = "CONFIRMED"
        case tentative = "TENTATIVE"
        case cancelled = "CANCELLED"
    }

    public enum Timing: Sendable {
        case once(Interval)
        /// Again and again, each as long as the first, in the event's zone; the series' start is its first occurrence.
        case series(RecurringSeries, seconds: Int64)
        /// One occurrence of the series with the same ``CalendarEvent/uid``, that is otherwise than the rule says.
        /// - Parameter replacing: the local time that the rule gives it.
        case exception(Interval, replacing: LocalDateTime)
    }

    /// Stays the same for ever and is nobody else's; one for a series with its exceptions.
    public var uid: String
    /// Grows with every change that matters to those who come.
    public var sequence: Int
    /// The last change: DTSTAMP and LAST-MODIFIED.
    public var changedAt: Instant
    public var timing: Timing
    /// The IANA name of the zone whose wall clock the event keeps; nil for UTC.
    public var zone: String?
    public var status: Status
    public var summary: String
    public var description: String?
    public var location: String?
    /// Asks calendar programs not to show it to others (CLASS:PRIVATE). It hides nothing: what is secret does not belong into the event.
    public var isPrivate: Bool

    public init(
        uid: String, sequence: Int = 0, changedAt: Instant, timing: Timing, zone: String? = nil, status: Status = .confirmed,
        summary: String,
        description: String? = nil, location: String? = nil, isPrivate: Bool = false
    ) {
        self.uid = uid
        self.sequence = sequence
        self.changedAt = changedAt
        self.timing = timing
        self.zone = zone
        self.status = status
        self.summary = summary
        self.description = description
        self.location = location
        self.isPrivate = isPrivate
    }
}
