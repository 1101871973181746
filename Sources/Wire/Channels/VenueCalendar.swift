/// Everything a venue's calendar needs to stay current. On the wire `calendar:venue:<id>`; open to whoever has signed in; names nobody.
public struct VenueCalendar: Channel {
    public static let prefix = "calendar:venue"

    public let name: String

    public init(venue: Int64) { name = "\(Self.prefix):\(venue)" }
}
