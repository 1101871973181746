import Wire

/// Knows the rules of the world's time zones. A gap has no instant and is refused; in a fold the first of the two is meant.
public protocol TimeZones: Sendable {
    /// Whether `zone` is an IANA name that this provider knows.
    func contains(_ zone: String) -> Bool

    /// The instant at which the wall clock in `zone` shows the date and time.
    ///
    /// - Throws: ``LocalTimeError``.
    func instant(of date: LocalDate, _ time: LocalTime, in zone: String) throws -> Instant

    /// What the wall calendar in `zone` shows at an instant.
    ///
    /// - Throws: ``LocalTimeError/unknownZone``.
    func date(of instant: Instant, in zone: String) throws -> LocalDate
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
