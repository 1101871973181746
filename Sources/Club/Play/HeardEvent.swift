import Client
import Wire

/// An event of a calendar with the time of its transaction, read in one pass.
struct HeardEvent: Decodable, Sendable {
    let event: CalendarEvent
    let at: Instant

    private enum CodingKeys: String, CodingKey { case at }

    init(from decoder: any Decoder) throws {
        at = try decoder.container(keyedBy: CodingKeys.self).decode(Instant.self, forKey: .at)
        event = try CalendarEvent(from: decoder)
    }
}
