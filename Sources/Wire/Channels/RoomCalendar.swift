/// Everything a room's timeline needs to stay current. On the wire `calendar:room:<id>`; open to whoever has signed in; names nobody.
public struct RoomCalendar: Channel {
    public static let prefix = "calendar:room"

    public let name: String

    public init(room: Int64) { name = "\(Self.prefix):\(room)" }
}
