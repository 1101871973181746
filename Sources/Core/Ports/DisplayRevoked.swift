import Wire

/// A link that opened a room's display opens nothing any more: its connections have to go.
public struct DisplayRevoked: Event, Hashable {
    public static let type = "display.revoked"
    public let displayID: Int64

    public init(displayID: Int64) { self.displayID = displayID }

    enum CodingKeys: String, CodingKey {
        case displayID = "display_id"
    }
}
