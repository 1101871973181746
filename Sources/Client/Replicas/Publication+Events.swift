import Wire

extension Publication {
    /// What kind of event it is, without its payload.
    ///
    /// - Throws: `DecodingError` where the publication is no event of ours.
    public func head() throws -> EventHead { try data.decode() }

    /// The event with its payload. Read ``head()`` first: the payload's type is not checked against the envelope's.
    ///
    /// - Throws: `DecodingError`.
    public func event<Payload: Codable & Sendable>(_ payload: Payload.Type = Payload.self) throws -> EventEnvelope<Payload> {
        try data.decode()
    }
}
