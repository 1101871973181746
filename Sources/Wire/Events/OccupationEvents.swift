/// Time that is taken on a resource of free intervals, as its calendar shows it. It names nobody.
public struct CalendarOccupation: Codable, Hashable, Sendable {
    public let id: Int64
    /// `reservation`, or `hold` for one that is not confirmed yet.
    public let kind: String
    public let startsAt: Instant
    public let endsAt: Instant
    /// From this instant on the time is free, whether or not that has been told yet; absent for ever.
    public let expiresAt: Instant?
    /// What everybody may read about it; absent where it only shows as busy.
    public let label: String?

    public init(id: Int64, kind: String, startsAt: Instant, endsAt: Instant, expiresAt: Instant?, label: String?) {
        self.id = id
        self.kind = kind
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.expiresAt = expiresAt
        self.label = label
    }

    enum CodingKeys: String, CodingKey {
        case id, kind, label
        case startsAt = "starts_at"
        case endsAt = "ends_at"
        case expiresAt = "expires_at"
    }
}

/// Time is taken from now on.
public struct OccupationTaken: Event, Hashable {
    public static let type = "occupation.taken"
    public let occupation: CalendarOccupation

    public init(occupation: CalendarOccupation) { self.occupation = occupation }
}

/// It has moved, has another label or end, or has become a reservation; `occupation` is the whole of it.
public struct OccupationChanged: Event, Hashable {
    public static let type = "occupation.changed"
    public let occupation: CalendarOccupation

    public init(occupation: CalendarOccupation) { self.occupation = occupation }
}

/// The time is free again.
public struct OccupationFreed: Event, Hashable {
    public static let type = "occupation.freed"
    public let id: Int64

    public init(id: Int64) { self.id = id }
}
