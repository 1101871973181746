import Wire

/// A venue's calendar as REST answers it, with the place in the channel that it was read at.
public struct CalendarSnapshot: Codable, Hashable, Sendable {
    public let venueID: Int64
    public let status: String
    public let stream: Wire.Stream
    public let slots: [CalendarSlot]

    public init(venueID: Int64, status: String, stream: Wire.Stream, slots: [CalendarSlot]) {
        self.venueID = venueID
        self.status = status
        self.stream = stream
        self.slots = slots
    }

    enum CodingKeys: String, CodingKey {
        case status, stream, slots
        case venueID = "venue_id"
    }
}

extension RESTClient {
    /// A venue's calendar from one day to another, both included.
    ///
    /// - Throws: ``Problem``, `DecodingError`.
    public func calendar(venue: Int64, from first: LocalDate, through last: LocalDate) async throws -> CalendarSnapshot {
        try await get("/api/v1/venues/\(venue)/calendar?start_date=\(first)&end_date=\(last)").success().decode()
    }
}
