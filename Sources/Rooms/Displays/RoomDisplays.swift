import Booking
import Core
import Storage
import Wire

/// What the display at a room's door shows. Who has its secret is let in; there is no signing in.
public struct RoomDisplays: Sendable {
    /// Whom a secret lets in.
    public struct Opening: Hashable, Sendable {
        /// Of the link; another one of the same room has another.
        public let id: Int64
        /// The one channel that it may hear: when the room is taken.
        public let channel: String
    }

    /// A room and what happens there from now on.
    public struct View: Codable, Hashable, Sendable {
        /// By the server's clock: a display's own may be wrong.
        public let now: Timestamp
        public let roomId: Room.ID
        public let name: String
        public let location: String
        public let capacity: Int
        public let status: Room.Condition
        public let isActive: Bool
        public let timeZone: String
        /// What has not ended, in order of time, of the next 24 hours. A private reservation has no label.
        public let occupations: [CalendarOccupation]
    }

    private static let secondsAhead: Int64 = 86_400
    /// More than anybody reads at a door.
    private static let occupationsMax = 100

    private let database: Database

    public init(database: Database) {
        self.database = database
    }

    /// The page that shows it, at the root of every port that has the meeting rooms.
    static func path(of room: Room.ID) -> String { "/rooms/\(room)/display" }

    /// - Returns: nil for a secret that opens nothing, any more or at all.
    /// - Throws: `StorageError`, `RequestError.overloaded`.
    public func open(_ secret: String) async throws -> Opening? {
        guard let secret = LinkSecret(text: secret) else { return nil }
        return try await database.read { snapshot in
            try snapshot.display(opening: secret).map { Opening(id: $0.id, channel: RoomCalendar(room: $0.roomID.rawValue).name) }
        }
    }

    /// - Returns: nil for a secret that opens nothing, any more or at all.
    /// - Throws: `StorageError`, `RequestError.overloaded`.
    public func view(_ secret: String) async throws -> View? {
        guard let secret = LinkSecret(text: secret) else { return nil }
        return try await database.read { snapshot in
            guard let display = try snapshot.display(opening: secret), let room = try snapshot.room(display.roomID),
                let resourceID = room.resourceID
            else { return nil }
            let interval = Interval(start: snapshot.now, end: snapshot.now.advanced(bySeconds: Self.secondsAhead))
            let occupations = try snapshot.occupations(on: try snapshot.resource(resourceID), overlapping: interval)
            return View(
                now: Timestamp(snapshot.now), roomId: room.id, name: room.room.name, location: room.room.location,
                capacity: room.room.capacity, status: room.condition, isActive: room.room.isActive, timeZone: room.timeZone,
                occupations: occupations.prefix(Self.occupationsMax).map(\.calendarEntry)
            )
        }
    }
}
