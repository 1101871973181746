import Core
import Recurrence
import Wire

/// A reservation that comes again: wall time, zone and rule. Each of its dates is a reservation like any other.
public struct RoomSeries: Codable, Hashable, Sendable {
    /// What clients know it by.
    public typealias ID = Identifier<RoomSeries>

    public let id: ID
    public let roomId: Room.ID
    public let userId: UserID
    public let title: String
    public let description: String?
    public let isPrivate: Bool
    /// The first one, by the wall clock of ``timeZone``.
    public let startTime: LocalDateTime
    public let durationMinutes: Int
    public let timeZone: String
    /// RFC 5545's RRULE.
    public let rule: RecurrenceRule
    public let createdAt: Timestamp
    public let updatedAt: Timestamp
}

/// One date of a series, and what has become of it.
public struct SeriesDate: Codable, Hashable, Sendable {
    /// What the rule says, by the wall clock: the name of the date, also where its reservation has moved.
    public let date: LocalDateTime
    public let startTime: Timestamp
    public let endTime: Timestamp
    /// Absent where none stands.
    public let reservationId: RoomReservation.ID?
    /// When the room is taken by others; absent where nothing is in the way.
    public let conflicts: [SeriesConflict]?
}

/// Time of a room that somebody else has; never who.
public struct SeriesConflict: Codable, Hashable, Sendable {
    public let startTime: Timestamp
    public let endTime: Timestamp

    init(_ interval: Interval) {
        startTime = Timestamp(interval.start)
        endTime = Timestamp(interval.end)
    }
}

/// A series with its dates, in their order: what an operation has done with them, or else those that stand.
public struct DatedSeries: Codable, Hashable, Sendable, Located, Versioned {
    public let series: RoomSeries
    public let dates: [SeriesDate]
    /// Local times that the rule means and that do not exist, because the clock is moved forward over them.
    public let gaps: [LocalDateTime]
    /// Of the series; not a member of the JSON.
    public let version: Int64?

    public var resourcePath: String { "/series/\(series.id)" }

    enum CodingKeys: String, CodingKey {
        case series, dates, gaps
    }

    init(series: RoomSeries, dates: [SeriesDate], gaps: [LocalDateTime], version: Int64?) {
        self.series = series
        self.dates = dates
        self.gaps = gaps
        self.version = version
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        series = try container.decode(RoomSeries.self, forKey: .series)
        dates = try container.decode([SeriesDate].self, forKey: .dates)
        gaps = try container.decode([LocalDateTime].self, forKey: .gaps)
        version = nil
    }
}

/// What would become of a series if it were made now.
public struct SeriesReport: Codable, Hashable, Sendable {
    /// Whether the room is free on all dates.
    public let isFree: Bool
    public let dates: [SeriesDate]
    /// Local times that the rule means and that do not exist, because the clock is moved forward over them.
    public let gaps: [LocalDateTime]
}
