/// What the clocks of a zone agree on for a while.
public struct ZoneOffset: Hashable, Sendable {
    /// Seconds east of UTC: wall clock minus UTC.
    public let seconds: Int
    public let isDaylightSaving: Bool
    /// The abbreviation, `CET` or `-03`; many zones share one, so it names no zone.
    public let abbreviation: String

    /// The furthest east and west that RFC 9636 lets a zone be.
    static let range = -89_999...93_599

    init(seconds: Int, isDaylightSaving: Bool, abbreviation: String) {
        self.seconds = seconds
        self.isDaylightSaving = isDaylightSaving
        self.abbreviation = abbreviation
    }
}

/// The moment at which the clocks of a zone go from one offset to another, or change only its name.
public struct ZoneChange: Hashable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z.
    public let second: Int64
    public let before: ZoneOffset
    public let after: ZoneOffset
}
