import Core
import Wire

/// Lists the sports centres, filtered by words in name, type or location.
struct ListSportVenues: Endpoint {
    static let operation = Operation(
        "gym.sport-venues.list", .get, "/api/v1/sport-venues", access: .everyone, summary: "List the sports centres"
    )
    typealias Response = Page<SportVenue>

    var type: String?
    var location: String?
    var query: String?
    var cursor: Int64?
    var limit: Int?

    enum CodingKeys: String, CodingKey {
        case type, location, cursor, limit
        case query = "q"
    }

    func validate(_ check: inout Validation) {
        check("type", type, length: 0...100)
        check("location", location, length: 0...200)
        check("q", query, length: 0...200)
        check("cursor", cursor, in: 0...SportVenue.ID.rawValueMax)
        check("limit", limit, in: Page<SportVenue>.limitRange)
    }
}

/// Adds a sports centre.
struct CreateSportVenue: Endpoint {
    static let operation = Operation(
        "gym.sport-venues.create", .post, "/api/v1/sport-venues", success: .created, access: .administrators, summary: "Add a sports centre"
    )
    typealias Response = SportVenue

    var name: String
    var location: String?
    var type: String?
    var description: String?
    var openingHours: OpeningHours?

    enum CodingKeys: String, CodingKey {
        case name, location, type, description
        case openingHours = "opening_hours"
    }

    func validate(_ check: inout Validation) {
        check("name", name, length: 1...100)
        check("location", location, length: 0...200)
        check("type", type, length: 0...100)
        check("description", description, length: 0...2_000, multiline: true)
        check("opening_hours", openingHours)
    }
}

/// Reads one sports centre.
struct ReadSportVenue: Endpoint {
    static let operation = Operation(
        "gym.sport-venues.read", .get, "/api/v1/sport-venues/{sport_venue_id}", access: .everyone, summary: "Read a sports centre"
    )
    typealias Response = SportVenue

    var id: SportVenue.ID

    enum CodingKeys: String, CodingKey {
        case id = "sport_venue_id"
    }
}

/// Changes the named fields of a sports centre; absent ones stay.
struct UpdateSportVenue: Endpoint {
    static let operation = Operation(
        "gym.sport-venues.update", .put, "/api/v1/sport-venues/{sport_venue_id}", access: .administrators, summary: "Change a sports centre"
    )
    typealias Response = SportVenue

    var id: SportVenue.ID
    var name: String?
    var location: String?
    var type: String?
    var description: String?
    var openingHours: OpeningHours?

    enum CodingKeys: String, CodingKey {
        case name, location, type, description
        case id = "sport_venue_id"
        case openingHours = "opening_hours"
    }

    func validate(_ check: inout Validation) {
        check("name", name, length: 1...100)
        check("location", location, length: 0...200)
        check("type", type, length: 0...100)
        check("description", description, length: 0...2_000, multiline: true)
        check("opening_hours", openingHours)
    }
}

/// Removes a sports centre that has no venues.
struct DeleteSportVenue: Endpoint {
    static let operation = Operation(
        "gym.sport-venues.delete", .delete, "/api/v1/sport-venues/{sport_venue_id}", success: .noContent, access: .administrators,
        summary: "Remove a sports centre"
    )
    typealias Response = NoContent

    var id: SportVenue.ID

    enum CodingKeys: String, CodingKey {
        case id = "sport_venue_id"
    }
}
