import Client
import Gym
import ServerTesting
import Wire

/// A page of somebody's own reservations as clients read it.
struct ReservationPage: Decodable, Sendable {
    let items: [ReservationDetail]
    let nextCursor: String?
    let stream: Wire.Stream

    enum CodingKeys: String, CodingKey {
        case items, stream
        case nextCursor = "next_cursor"
    }
}

extension TestUser {
    /// Reserves a slot; the test fails where that is refused.
    func reserved(_ slot: TimeSlot) async throws -> Reservation {
        try await reserve(slot).success().decode()
    }

    /// One page of the own reservations; `query` without the question mark.
    func ownReservations(_ query: String = "") async throws -> ReservationPage {
        try await rest.get("/api/v1/reservations?\(query)").success().decode()
    }

    func reservation(_ id: Reservation.ID) async throws -> ReservationDetail {
        try await rest.get("/api/v1/reservations/\(id)").success().decode()
    }

    /// The calendar with its people over the days of the tests.
    func operations(_ venue: Venue.ID) async throws -> VenueOperationsSnapshot {
        try await rest.get("/api/v1/venues/\(venue)/operations?start_date=2026-06-01&end_date=2026-12-31").success().decode()
    }

    /// Moves a slot or gives it another capacity.
    func change(_ slot: TimeSlot, _ body: String) async throws -> RESTResponse {
        try await rest.put("/api/v1/venues/\(slot.venueID)/reservation-time-slots/\(slot.id)", body: RawJSON(body))
    }

    func remove(_ slot: TimeSlot) async throws -> RESTResponse {
        try await rest.delete("/api/v1/venues/\(slot.venueID)/reservation-time-slots/\(slot.id)")
    }

    func change(_ venue: Venue, _ body: String) async throws -> RESTResponse {
        try await rest.put("/api/v1/venues/\(venue.id)", body: RawJSON(body))
    }

    func setStatus(_ status: String, of venue: Venue) async throws -> RESTResponse {
        try await rest.patch("/api/v1/venues/\(venue.id)/status", body: ["status": status])
    }
}
