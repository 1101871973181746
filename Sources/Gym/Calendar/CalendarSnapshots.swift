import Core
import Wire

/// A venue's slots and the place in its stream at which they were read: subscribing from there continues without a gap.
public struct VenueCalendarSnapshot: Codable, Sendable {
    public let venueID: Venue.ID
    public let name: String
    public let status: Venue.Status
    public let notice: String
    public let timeZone: String
    public let startDate: LocalDate
    public let endDate: LocalDate
    public let slots: [CalendarSlot]
    public let stream: Stream

    enum CodingKeys: String, CodingKey {
        case name, status, notice, slots, stream
        case venueID = "venue_id"
        case timeZone = "time_zone"
        case startDate = "start_date"
        case endDate = "end_date"
    }
}

/// The same with the reservations that stand in the slots.
public struct VenueOperationsSnapshot: Codable, Sendable {
    /// A reservation with the name of its owner.
    public struct Entry: Codable, Hashable, Sendable {
        public let reservation: ReservationDetail
        public let username: String

        public init(reservation: ReservationDetail, username: String) {
            self.reservation = reservation
            self.username = username
        }
    }

    public let venueID: Venue.ID
    public let status: Venue.Status
    public let timeZone: String
    public let startDate: LocalDate
    public let endDate: LocalDate
    public let slots: [CalendarSlot]
    public let reservations: [Entry]
    public let stream: Stream

    enum CodingKeys: String, CodingKey {
        case status, slots, reservations, stream
        case venueID = "venue_id"
        case timeZone = "time_zone"
        case startDate = "start_date"
        case endDate = "end_date"
    }
}
