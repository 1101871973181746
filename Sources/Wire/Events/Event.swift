/// Something that has happened, told to the watchers of a channel. A service emits it inside the transaction that makes it true.
public protocol Event: Codable, Sendable {
    /// `noun.past-verb`, stable for ever: `slot.created`.
    static var type: String { get }

    /// Appends the event as JSON, which is what ``JSONByteEncoder`` makes of it unless it says otherwise. The events of every booking spell
    /// themselves out: they are encoded on the one thread that writes, where the general way would cost as much as the statements.
    ///
    /// - Throws: `EncodingError`.
    func appendJSON(to bytes: inout [UInt8]) throws
}

extension Event {
    public func appendJSON(to bytes: inout [UInt8]) throws {
        try JSONByteEncoder().encode(self, into: &bytes)
    }
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

extension EventEnvelope where Payload: Event {
    /// The envelope as it is logged and sent.
    ///
    /// - Throws: `EncodingError`.
    public func json() throws -> RawJSON {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512)
        try bytes.object { bytes in
            bytes.member("type", type)
            bytes.member("id", id)
            bytes.member("at", at)
            bytes.member("v", v)
            bytes.name("data")
            try data.appendJSON(to: &bytes)
        }
        return RawJSON(bytes: bytes)
    }
}

/// What can be read of an envelope before its payload's type is known.
public struct EventHead: Codable, Hashable, Sendable {
    public let type: String
    public let id: String
    public let at: Instant
}
