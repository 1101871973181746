import Core
import Wire

/// When a room is taken, and the place in its stream at which that was read: subscribing from there continues without a gap. What is also
/// told live is spelled as it is told live.
public struct RoomTimeline: Codable, Hashable, Sendable {
    public let roomId: Room.ID
    public let name: String
    /// What the room is fit for, whether or not it is in use.
    public let status: Room.Condition
    public let isActive: Bool
    public let timeZone: String
    public let startDate: LocalDate
    public let endDate: LocalDate
    public let startTime: Timestamp
    public let endTime: Timestamp
    /// In order of time.
    public let occupations: [CalendarOccupation]
    public let stream: Stream
}

/// The same with the reservations and whose they are.
public struct RoomOperationsTimeline: Codable, Hashable, Sendable {
    /// A reservation with the name of its owner.
    public struct Entry: Codable, Hashable, Sendable {
        public let reservation: RoomReservationDetail
        public let username: String

        public init(reservation: RoomReservationDetail, username: String) {
            self.reservation = reservation
            self.username = username
        }
    }

    public let roomId: Room.ID
    public let status: Room.Condition
    public let isActive: Bool
    public let timeZone: String
    public let startDate: LocalDate
    public let endDate: LocalDate
    public let startTime: Timestamp
    public let endTime: Timestamp
    public let occupations: [CalendarOccupation]
    public let reservations: [Entry]
    public let stream: Stream
}

/// Somebody's own reservations, in order of time.
public struct Agenda: Codable, Hashable, Sendable {
    public let reservations: [RoomReservationDetail]
    public let stream: Stream
}
