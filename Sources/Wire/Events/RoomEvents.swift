/// What is known of a room has changed; one that is not `available`, or not active, takes no reservations.
public struct RoomChanged: Event, Hashable {
    public static let type = "room.changed"
    public let roomID: Int64
    public let name: String
    public let capacity: Int
    public let location: String
    /// What the room is fit for: `available`, `maintenance` or `disabled`. Whether it is in use follows from its occupations.
    public let status: String
    public let isActive: Bool

    public init(roomID: Int64, name: String, capacity: Int, location: String, status: String, isActive: Bool) {
        self.roomID = roomID
        self.name = name
        self.capacity = capacity
        self.location = location
        self.status = status
        self.isActive = isActive
    }

    enum CodingKeys: String, CodingKey {
        case name, capacity, location, status
        case roomID = "room_id"
        case isActive = "is_active"
    }
}

/// A room is gone.
public struct RoomRemoved: Event, Hashable {
    public static let type = "room.removed"
    public let roomID: Int64

    public init(roomID: Int64) { self.roomID = roomID }

    enum CodingKeys: String, CodingKey {
        case roomID = "room_id"
    }
}
