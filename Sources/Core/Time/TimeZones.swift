import Wire

/// Knows the rules of the world's time zones; one provider serves the whole process.
public protocol TimeZones: Sendable {
    /// The release of the data that the answers come from, such as `2026b`; `unknown` where the data does not say.
    var version: String { get }

    /// - Parameter zone: an IANA name, `Asia/Shanghai` or `UTC`.
    /// - Throws: ``LocalTimeError/unknownZone``.
    func rules(of zone: String) throws(LocalTimeError) -> ZoneRules
}

extension TimeZones {
    /// Whether two providers with one ``version`` have the same data.
    public var saysItsVersion: Bool { version != "unknown" }

    /// Whether `zone` is an IANA name that this provider knows.
    public func contains(_ zone: String) -> Bool { (try? rules(of: zone)) != nil }

    /// The instant at which the wall clock in `zone` shows the date and time; the first one where it shows them twice.
    ///
    /// - Throws: ``LocalTimeError``.
    public func instant(of date: LocalDate, _ time: LocalTime, in zone: String) throws(LocalTimeError) -> Instant {
        try rules(of: zone).instant(of: LocalDateTime(date, time))
    }

    /// What the wall calendar in `zone` shows at an instant.
    ///
    /// - Throws: ``LocalTimeError/unknownZone``.
    public func date(of instant: Instant, in zone: String) throws(LocalTimeError) -> LocalDate {
        try rules(of: zone).local(at: instant).date
    }
}

/// Why a wall time can't be placed.
public enum LocalTimeError: String, DomainError {
    case unknownZone = "time.unknown_zone"
    case gap = "time.local_time_gap"

    public var kind: ErrorKind { .invalid }

    public var detail: String {
        switch self {
        case .unknownZone: "The time zone is not one of the IANA database."
        case .gap: "The clock is moved forward over this local time: it does not exist on that day."
        }
    }
}
