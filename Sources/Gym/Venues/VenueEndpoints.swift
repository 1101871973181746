import Booking
import Core
import Wire

/// Lists the venues, filtered by status, sports centre and words.
struct ListVenues: Endpoint {
    static let operation = Operation(
        "gym.venues.list", .get, "/api/v1/venues", access: .everyone, summary: "List the venues", aliases: [.init(.get, "/api/venues")]
    )
    typealias Response = Page<Venue>

    var status: Venue.Status?
    var sportVenueID: SportVenue.ID?
    var location: String?
    var query: String?
    var cursor: Int64?
    var limit: Int?

    enum CodingKeys: String, CodingKey {
        case status, location, cursor, limit
        case sportVenueID = "sport_venue_id"
        case query = "q"
    }

    func validate(_ check: inout Validation) {
        check("sport_venue_id", sportVenueID)
        check("location", location, length: 0...200)
        check("q", query, length: 0...200)
        check("cursor", cursor, in: 0...Venue.ID.rawValueMax)
        check("limit", limit, in: Page<Venue>.limitRange)
    }
}

/// Adds a venue.
struct CreateVenue: Endpoint {
    static let operation = Operation(
        "gym.venues.create", .post, "/api/v1/venues", success: .created, access: .administrators, summary: "Add a venue",
        aliases: [.init(.post, "/api/venues")]
    )
    typealias Response = Venue

    static let timeZoneDefault = "Asia/Shanghai"

    var name: String
    var location: String?
    var capacity: Int
    var status: Venue.Status?
    var notice: String?
    var sportVenueID: SportVenue.ID?
    var parentID: Venue.ID?
    var exclusive: Bool?
    var timeZone: String?
    var openingHours: OpeningHours?

    enum CodingKeys: String, CodingKey {
        case name, location, capacity, status, notice, exclusive
        case sportVenueID = "sport_venue_id"
        case parentID = "parent_id"
        case timeZone = "time_zone"
        case openingHours = "opening_hours"
    }

    func validate(_ check: inout Validation) {
        check("name", name, length: 1...100)
        check("location", location, length: 0...200)
        check("capacity", capacity, in: Resource.capacityRange)
        check("notice", notice, length: 0...2_000, multiline: true)
        check("sport_venue_id", sportVenueID)
        check("parent_id", parentID)
        check("time_zone", timeZone, length: 1...64)
        check("opening_hours", openingHours)
    }
}

/// Reads one venue.
struct ReadVenue: Endpoint {
    static let operation = Operation(
        "gym.venues.read", .get, "/api/v1/venues/{venue_id}", access: .everyone, summary: "Read a venue",
        aliases: [.init(.get, "/api/venues/{venue_id}")]
    )
    typealias Response = Venue

    var id: Venue.ID

    enum CodingKeys: String, CodingKey {
        case id = "venue_id"
    }
}

/// Changes the named fields of a venue; absent ones stay. Zone, parent and exclusiveness are fixed once it is made, because slots and
/// reservations rest on them.
struct UpdateVenue: Endpoint {
    static let operation = Operation(
        "gym.venues.update", .put, "/api/v1/venues/{venue_id}", access: .administrators, summary: "Change a venue",
        aliases: [.init(.put, "/api/venues/{venue_id}")]
    )
    typealias Response = Venue

    var id: Venue.ID
    var name: String?
    var location: String?
    var capacity: Int?
    var status: Venue.Status?
    var notice: String?
    var sportVenueID: SportVenue.ID?
    var openingHours: OpeningHours?

    enum CodingKeys: String, CodingKey {
        case name, location, capacity, status, notice
        case id = "venue_id"
        case sportVenueID = "sport_venue_id"
        case openingHours = "opening_hours"
    }

    func validate(_ check: inout Validation) {
        check("name", name, length: 1...100)
        check("location", location, length: 0...200)
        check("capacity", capacity, in: Resource.capacityRange)
        check("notice", notice, length: 0...2_000, multiline: true)
        check("sport_venue_id", sportVenueID)
        check("opening_hours", openingHours)
    }
}

/// Opens or closes a venue and touches nothing else. Closing cancels what stands in it.
struct ChangeVenueStatus: Endpoint {
    static let operation = Operation(
        "gym.venues.change-status", .patch, "/api/v1/venues/{venue_id}/status", access: .administrators,
        summary: "Open or close a venue; closing cancels its reservations", aliases: [.init(.put, "/api/venues/{venue_id}/status")]
    )
    typealias Response = Venue

    var id: Venue.ID
    var status: Venue.Status

    enum CodingKeys: String, CodingKey {
        case status
        case id = "venue_id"
    }
}

/// Removes a venue with its slots and cancels what stands in them.
struct DeleteVenue: Endpoint {
    static let operation = Operation(
        "gym.venues.delete", .delete, "/api/v1/venues/{venue_id}", success: .noContent, access: .administrators, summary: "Remove a venue",
        aliases: [.init(.delete, "/api/venues/{venue_id}")]
    )
    typealias Response = NoContent

    var id: Venue.ID

    enum CodingKeys: String, CodingKey {
        case id = "venue_id"
    }
}
