/// A room's timeline with its reservations and people. On the wire `ops:room:<id>`; open to the staff of that room and to administrators.
public struct RoomOperations: Channel {
    public static let prefix = "ops:room"

    public let name: String

    public init(room: Int64) { name = "\(Self.prefix):\(room)" }
}
