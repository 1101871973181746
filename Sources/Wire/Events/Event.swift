/// Something that has happened, told to the watchers of a channel. A service emits it inside the transaction that makes it true.
public protocol Event: Codable, Sendable {
    /// `noun.past-verb`, stable for ever: `slot.created`.
    static var type: String { get }
}

/// The `data` of every publication: who reads it needs no other context.
public struct EventEnvelope<Payload: Codable & Sendable>: Codable, Sendable {
    public let type: String
    /// Names this event for de-duplication, over reconnects and over transports.
    public let id: String
    /// When the transaction that emitted it took place.
    public let at: Instant
    /// The version of the payload's shape.
    public let v: Int
    public let data: Payload

    public init(type: String, id: String, at: Instant, v: Int = 1, data: Payload) {
        self.type = type
        self.id = id
        self.at = at
        self.v = v
        self.data = data
    }
}

/// What can be read of an envelope before its payload's type is known.
public struct EventHead: Codable, Hashable, Sendable {
    public let type: String
    public let id: String
    public let at: Instant
}
