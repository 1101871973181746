import Booking
import Core
import Storage
import Wire

/// A place that can be booked by slots: a hall, a court, half a court.
public struct Venue: Codable, Hashable, Sendable, Located {
    /// What clients know it by.
    public typealias ID = Identifier<Venue>

    /// Only an open venue takes reservations.
    public enum Status: String, Codable, CaseIterable, SQLConvertible, Sendable {
        case open
        case closed
        case maintenance
    }

    public let id: ID
    public let name: String
    public let location: String
    /// How many reservations (people) it has room for; when exclusive the size of the party that has it alone.
    public let capacity: Int
    public let status: Status
    public let notice: String
    public let sportVenueID: SportVenue.ID?
    /// The venue of which this is a part: whoever has the part excludes the whole, and the other way round.
    public let parentID: ID?
    public let exclusive: Bool
    public let timeZone: String
    public let openingHours: OpeningHours
    public let createdAt: Instant
    public let updatedAt: Instant

    public var resourcePath: String { "/api/v1/venues/\(id)" }

    enum CodingKeys: String, CodingKey {
        case id, name, location, capacity, status, notice, exclusive
        case sportVenueID = "sport_venue_id"
        case parentID = "parent_id"
        case timeZone = "time_zone"
        case openingHours = "opening_hours"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

extension Venue: RowDecodable {
    public init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        location = try row["location"]
        capacity = try row["capacity"]
        status = try row["status"]
        notice = try row["notice"]
        sportVenueID = try row["sport_venue_id"]
        parentID = try row["parent_id"]
        exclusive = try row["is_exclusive"]
        timeZone = try row["time_zone"]
        openingHours = try row["opening_hours"]
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
    }
}

/// A venue with the resource behind it, as a transaction works on it.
struct BookableVenue: RowDecodable {
    let venue: Venue
    let resourceID: Resource.ID

    init(row: Row) throws {
        venue = try Venue(row: row)
        resourceID = try row["resource_id"]
    }
}

/// What can be wrong with a request about a venue.
enum VenueError: String, DomainError {
    case notFound = "venue.not_found"
    case sportVenueNotFound = "venue.sport_venue_not_found"
    case parentNotFound = "venue.parent_not_found"
    case hasParts = "venue.has_parts"
    case unknownTimeZone = "venue.unknown_time_zone"
    case notOpen = "venue.not_open"

    var kind: ErrorKind {
        switch self {
        case .notFound: .notFound
        case .sportVenueNotFound, .parentNotFound, .unknownTimeZone: .invalid
        case .hasParts, .notOpen: .conflict
        }
    }

    var detail: String {
        switch self {
        case .notFound: "There is no such venue."
        case .sportVenueNotFound: "There is no such sports centre."
        case .parentNotFound: "There is no such venue to be a part of."
        case .hasParts: "This venue has parts; remove them first."
        case .unknownTimeZone: "The time zone is not one of the IANA database."
        case .notOpen: "The venue is not open."
        }
    }

    var failures: [FieldFailure] {
        switch self {
        case .sportVenueNotFound: [FieldFailure(pointer: "/sport_venue_id", code: "choice", detail: detail)]
        case .parentNotFound: [FieldFailure(pointer: "/parent_id", code: "choice", detail: detail)]
        case .unknownTimeZone: [FieldFailure(pointer: "/time_zone", code: "choice", detail: detail)]
        case .notFound, .hasParts, .notOpen: []
        }
    }
}
