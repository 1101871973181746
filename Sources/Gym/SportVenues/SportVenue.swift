import Core
import Storage
import Wire

/// A sports centre: what venues belong to.
public struct SportVenue: Codable, Hashable, Sendable, Located {
    /// What clients know it by.
    public typealias ID = Identifier<SportVenue>

    public let id: ID
    public let name: String
    public let location: String
    public let type: String
    public let description: String
    public let openingHours: OpeningHours
    public let createdAt: Instant
    public let updatedAt: Instant

    public var resourcePath: String { "/api/v1/sport-venues/\(id)" }

    enum CodingKeys: String, CodingKey {
        case id, name, location, type, description
        case openingHours = "opening_hours"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

extension SportVenue: RowDecodable {
    public init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        location = try row["location"]
        type = try row["type"]
        description = try row["description"]
        openingHours = try row["opening_hours"]
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
    }
}
