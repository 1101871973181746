import Booking
import Core
import Storage
import Wire

/// A meeting room. One party has it at a time; its capacity is the number of seats.
public struct Room: Codable, Hashable, Sendable, Located, Versioned {
    /// What clients know it by.
    public typealias ID = Identifier<Room>

    /// What administrators say of a room.
    public enum Condition: String, Codable, CaseIterable, SQLConvertible, Sendable {
        case available
        case maintenance
        case disabled
    }

    /// What clients are told: an available room that is in use at this moment is occupied.
    public enum Status: String, Codable, CaseIterable, Sendable {
        case available
        case maintenance
        case occupied
        case disabled
    }

    public let id: ID
    public let name: String
    public let capacity: Int
    public let location: String
    public let description: String
    public let status: Status
    public let isActive: Bool
    /// Minutes after the beginning within which somebody has to check in; absent where nobody has to.
    public let checkInMinutes: Int?
    public let createdAt: Timestamp
    public let updatedAt: Timestamp
    /// Of what administrators have set; not a member of the JSON.
    public var version: Int64?

    public var resourcePath: String { "/rooms/\(id)" }

    /// Seats; zero where nobody has counted them.
    static let capacityRange: ClosedRange<Int64> = 0...1_000_000
    /// Minutes within which one has to check in; zero where nobody has to.
    static let checkInRange: ClosedRange<Int64> = 0...120

    enum CodingKeys: String, CodingKey {
        case id, name, capacity, location, description, status, isActive, checkInMinutes, createdAt, updatedAt
    }
}

/// A room with the resource behind it, as a transaction works on it.
struct RoomRow: RowDecodable {
    let id: Room.ID
    /// Nil once the room is deleted.
    let resourceID: Resource.ID?
    let condition: Room.Condition
    let timeZone: String
    let version: Int64
    /// Zero where nobody has to check in.
    let checkInMinutes: Int
    let room: Room

    /// Only a room that is in order and in service takes reservations.
    var isBookable: Bool { condition == .available && room.isActive }

    init(row: Row) throws {
        id = try row["id"]
        resourceID = try row["resource_id"]
        condition = try row["status"]
        timeZone = try row["time_zone"]
        version = try row["version"]
        checkInMinutes = try row["check_in_minutes"]
        let isOccupied: Bool = try row["is_occupied"]
        room = Room(
            id: id, name: try row["name"], capacity: try row["capacity"], location: try row["location"],
            description: try row["description"], status: Room.Status(condition, isOccupied: isOccupied), isActive: try row["is_active"],
            checkInMinutes: checkInMinutes > 0 ? checkInMinutes : nil,
            createdAt: Timestamp(try row["created_at"]), updatedAt: Timestamp(try row["updated_at"]), version: version
        )
    }
}

extension Room.Status {
    init(_ condition: Room.Condition, isOccupied: Bool) {
        switch condition {
        case .available: self = isOccupied ? .occupied : .available
        case .maintenance: self = .maintenance
        case .disabled: self = .disabled
        }
    }
}
