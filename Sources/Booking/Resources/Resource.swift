import Core
import Storage
import Wire

/// Anything that can be booked: a gym venue, a meeting room, a cinema hall, half a court.
///
/// Taking a resource excludes its ancestors as a whole and all of its descendants; siblings are independent.
public struct Resource: Sendable {
    /// Names a row of the `resource` table; clients know the surface's own id.
    public typealias ID = Identifier<Resource>

    /// Which surface the resource belongs to; it names the channels.
    public enum Kind: String, SQLConvertible, Sendable {
        case venue
        case room
    }

    public let id: ID
    public let kind: Kind
    /// The surface's id of the thing.
    public let publicID: Int64
    public let parentID: ID?
    /// The most units that may be occupied at any instant; 1 for an exclusive resource, which has one owner at a time.
    public let capacity: Int
    public let isExclusive: Bool
    /// The IANA zone of its wall clock.
    public let timeZone: String
    /// Whether it has a parent or children.
    let hasRelatives: Bool
    /// The longest stretch ever taken on it, in microseconds: how far back a search for overlaps has to look.
    let longestOccupation: Int64
    /// When the first of what stands on it for a while ends, or has ended; nil where all stands for ever.
    let firstExpiry: Instant?

    /// The bounds of every capacity in the system.
    public static let capacityRange: ClosedRange<Int64> = 1...1_000_000

    /// How many levels a whole may be divided into (hall, half, quarter, …).
    public static let depthMax = 5
}

extension Resource: RowDecodable {
    public init(row: Row) throws {
        id = try row["id"]
        kind = try row["kind"]
        publicID = try row["public_id"]
        parentID = try row["parent_id"]
        capacity = try row["capacity"]
        isExclusive = try row["is_exclusive"]
        timeZone = try row["time_zone"]
        hasRelatives = try row["has_relatives"]
        longestOccupation = try row["longest_occupation"]
        firstExpiry = try row["first_expiry"]
    }
}

extension Resource {
    /// Whether rows stand on it that take no room any more.
    func hasExpiredOccupations(at now: Instant) -> Bool { firstExpiry.map { $0 <= now } ?? false }
}

/// Who hears of a resource's occupancy, and how.
extension Resource {
    var calendarChannel: any Channel {
        switch kind {
        case .venue: VenueCalendar(venue: publicID)
        case .room: RoomCalendar(room: publicID)
        }
    }

    var operationsChannel: any Channel {
        switch kind {
        case .venue: VenueOperations(venue: publicID)
        case .room: RoomOperations(room: publicID)
        }
    }

    /// Whether its calendar is a line of free intervals and shows each occupation; else it is made of windows and shows their room.
    var showsOccupations: Bool {
        switch kind {
        case .venue: false
        case .room: true
        }
    }
}
