import Core
import Storage
import Wire

/// Room that is taken on a resource: a half-open interval and a number of units.
public struct Occupation: Sendable {
    /// Names a row of the `occupation` table.
    public typealias ID = Identifier<Occupation>

    /// Why the room is taken.
    public enum Kind: String, SQLConvertible, Sendable {
        case reservation
        case hold
    }

    public let id: ID
    public let resourceID: Resource.ID
    public let windowID: TimeWindow.ID?
    public let interval: Interval
    public let units: Int
    public let kind: Kind
    public let ownerID: UserID?
    /// From this instant on the room is free, whether or not anything has cleared the row; nil for ever.
    public let expiresAt: Instant?
    /// What its calendar shows of it to everybody; nil for nothing but the time.
    public let label: String?

    /// As calendars of free intervals show it.
    public var calendarEntry: CalendarOccupation {
        CalendarOccupation(
            id: id.rawValue, kind: kind.rawValue, startsAt: interval.start, endsAt: interval.end, expiresAt: expiresAt, label: label
        )
    }
}

extension Occupation: RowDecodable {
    public init(row: Row) throws {
        id = try row["id"]
        resourceID = try row["resource_id"]
        windowID = try row["window_id"]
        interval = Interval(start: try row["starts_at"], end: try row["ends_at"])
        units = try row["units"]
        kind = try row["kind"]
        ownerID = try row["owner_id"]
        expiresAt = try row["expires_at"]
        label = try row["label"]
    }
}

/// What somebody wants to take.
public struct Claim: Sendable {
    public let interval: Interval
    public let units: Int
    public let kind: Occupation.Kind
    public let owner: UserID?
    public let expiresAt: Instant?
    /// What the calendar shows of it to everybody; nil for nothing but the time.
    public let label: String?

    public init(
        _ interval: Interval, units: Int = 1, kind: Occupation.Kind, owner: UserID?, expiresAt: Instant? = nil, label: String? = nil
    ) {
        self.interval = interval
        self.units = units
        self.kind = kind
        self.owner = owner
        self.expiresAt = expiresAt
        self.label = label
    }

    func calendarEntry(as id: Occupation.ID) -> CalendarOccupation {
        CalendarOccupation(
            id: id.rawValue, kind: kind.rawValue, startsAt: interval.start, endsAt: interval.end, expiresAt: expiresAt, label: label
        )
    }
}
