import Client
import Gym
import ServerTesting
import Wire

/// One of everything that an address can name, with a member who owns the reservation.
struct Stage: Sendable {
    private let names: [String: String]

    /// - Parameter day: tells the stages of one test apart, since nobody can be in two places at a time.
    init(on server: TestServer, for member: TestUser, day: Int) async throws {
        let date = "\(LocalDate(daysSinceEpoch: day).advanced(byDays: 20_700))"
        let center = try await server.admin.rest.post("/api/v1/sport-venues", body: ["name": "Centre"]).success().decode(SportVenue.self)
        let venue = try await server.venue()
        let slot = try await server.slot(SlotSketch(date: date), at: venue)
        let freeSlot = try await server.slot(SlotSketch(date: date, "14:00", "15:00"), at: venue)
        names = [
            "{sport_venue}": "\(center.id)", "{venue}": "\(venue.id)", "{slot}": "\(slot.id)", "{free_slot}": "\(freeSlot.id)",
            "{reservation}": "\(try await member.reserved(slot).id)", "{member}": "\(member.id)",
        ]
    }

    /// The text with the things' ids in place of their names.
    func fill(_ text: String) -> String {
        names.reduce(text) { $0.replacing($1.key, with: $1.value) }
    }
}

extension Door {
    /// Goes through the door, with the body that fits unless another is given.
    func open(as client: RESTClient, on stage: Stage, body other: String? = nil) async throws -> RESTResponse {
        try await client.send(method, stage.fill(path), body: (other ?? body).map { Array(stage.fill($0).utf8) })
    }
}
