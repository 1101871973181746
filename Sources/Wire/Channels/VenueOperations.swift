/// A venue's calendar with people. On the wire `ops:venue:<id>`; open to the staff of that venue and to administrators.
public struct VenueOperations: Channel {
    public static let prefix = "ops:venue"

    public let name: String

    public init(venue: Int64) { name = "\(Self.prefix):\(venue)" }
}
