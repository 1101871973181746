import Wire

/// An event of a transaction that is not committed yet: it has no place in its channel.
struct EmittedEvent: Sendable {
    let channel: String
    /// The encoded ``EventEnvelope``.
    let data: RawJSON
    let at: Instant
}

/// Names for events, for de-duplication by clients.
enum EventID {
    private static let alphabet = Array("0123456789abcdefghijklmnopqrstuv".utf8)

    /// `evt_` and twenty characters of five random bits each.
    static func make(from randomness: Randomness) -> String {
        String(decoding: "evt_".utf8 + randomness.bytes(20).map { alphabet[Int($0 & 31)] }, as: UTF8.self)
    }
}
