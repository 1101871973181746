import Client
import Gym
import Wire

/// A venue as tests make one.
public struct VenueSketch: Encodable, Sendable {
    public var name = "Gym A"
    public var location = "Building 1"
    public var capacity = 50
    public var status = "open"
    public var notice = "Please wear sports shoes"
    public var exclusive = false
    public var parentID: Int64?

    public init(capacity: Int = 50, exclusive: Bool = false, parent: Venue? = nil) {
        self.capacity = capacity
        self.exclusive = exclusive
        parentID = parent?.id.rawValue
    }

    enum CodingKeys: String, CodingKey {
        case name, location, capacity, status, notice, exclusive
        case parentID = "parent_id"
    }
}

/// A slot as tests make one.
public struct SlotSketch: Encodable, Sendable {
    public var date: String
    public var startTime: String
    public var endTime: String
    public var capacity: Int?

    /// 2026-07-02, the day after the tests' clock starts, from ten to eleven.
    public init(date: String = "2026-07-02", _ startTime: String = "10:00", _ endTime: String = "11:00", capacity: Int? = nil) {
        self.date = date
        self.startTime = startTime
        self.endTime = endTime
        self.capacity = capacity
    }

    enum CodingKeys: String, CodingKey {
        case date, capacity
        case startTime = "start_time"
        case endTime = "end_time"
    }
}

extension TestServer {
    public func venue(_ sketch: VenueSketch = VenueSketch()) async throws -> Venue {
        try await admin.rest.post("/api/v1/venues", body: sketch).success().decode()
    }

    public func slot(_ sketch: SlotSketch = SlotSketch(), at venue: Venue) async throws -> TimeSlot {
        try await admin.rest.post("/api/v1/venues/\(venue.id)/reservation-time-slots", body: sketch).success().decode()
    }

    /// A slot at a venue of its own.
    public func slot(capacity: Int) async throws -> TimeSlot {
        try await slot(at: venue(VenueSketch(capacity: capacity)))
    }
}

extension TestUser {
    /// Tries to reserve a slot.
    public func reserve(_ slot: TimeSlot, key: String? = nil) async throws -> RESTResponse {
        try await rest.post(
            "/api/v1/reservations", body: ["time_slot_id": slot.id.rawValue], headers: key.map { [("Idempotency-Key", $0)] } ?? []
        )
    }

    public func cancel(_ reservation: Reservation) async throws -> RESTResponse {
        try await rest.delete("/api/v1/reservations/\(reservation.id)")
    }

    /// The public calendar over the days of the tests.
    public func calendar(_ venue: Venue.ID) async throws -> VenueCalendarSnapshot {
        try await rest.get("/api/v1/venues/\(venue)/calendar?start_date=2026-06-01&end_date=2026-12-31").success().decode()
    }
}
