/// What concerns one person: own reservations, notifications. On the wire `personal:#<user>`; the server subscribes the user at connect.
public struct PersonalChannel: Channel {
    public static let namespace = "personal"

    public let name: String

    public init(user: Int64) { name = "\(Self.namespace):#\(user)" }
}
