import Client
import Wire

/// `POST /api/v1/venues`: a venue that is always open.
struct NewVenue: Encodable, Sendable {
    var name: String
    var location = "Club House"
    var capacity: Int
    /// Whether one party takes the whole of it.
    var exclusive = false
    var notice = ""
}

/// `POST /api/v1/venues/{id}/reservation-time-slots`.
struct NewSlot: Encodable, Sendable {
    var date: LocalDate
    var startTime: LocalTime
    var endTime: LocalTime
    var capacity: Int

    enum CodingKeys: String, CodingKey {
        case date, capacity
        case startTime = "start_time"
        case endTime = "end_time"
    }
}

/// `POST /api/v1/users/register`.
struct NewAccount: Encodable, Sendable {
    var username: String
    var email: String
    var password: String
    var phone: String?
}

/// `POST /api/v1/reservations`.
struct NewReservation: Encodable, Sendable {
    var userID: Int64
    var timeSlotID: Int64

    enum CodingKeys: String, CodingKey {
        case userID = "user_id"
        case timeSlotID = "time_slot_id"
    }
}

/// `PUT /api/v1/users/{id}`.
struct RoleChange: Encodable, Sendable {
    var role: String
    var places: [String]?
}

private struct VenueList: Decodable {
    struct Item: Decodable {}

    let items: [Item]
}

private struct Created: Decodable {
    let id: Int64
}

extension RESTClient {
    func createVenue(_ venue: NewVenue) async throws -> Int64 {
        try await post("/api/v1/venues", body: venue).success().decode(Created.self).id
    }

    func createSlot(_ slot: NewSlot, venue: Int64) async throws -> Int64 {
        try await post("/api/v1/venues/\(venue)/reservation-time-slots", body: slot).success().decode(Created.self).id
    }

    func register(_ account: NewAccount) async throws -> Int64 {
        try await post("/api/v1/users/register", body: account).success().decode(Created.self).id
    }

    func changeRole(of user: Int64, _ change: RoleChange) async throws {
        try await put("/api/v1/users/\(user)", body: change).success()
    }

    func hasVenues() async throws -> Bool {
        try await !get("/api/v1/venues?limit=1").success().decode(VenueList.self).items.isEmpty
    }

    func reserve(_ reservation: NewReservation) async throws -> RESTResponse {
        try await post("/api/v1/reservations", body: reservation)
    }
}
