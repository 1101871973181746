import Gym
import ServerTesting

extension TestServer {
    /// Changes a venue's notice: one event on its calendar, one for its staff.
    func announce(_ notice: String, at venue: Venue) async throws {
        try await admin.rest.put("/api/v1/venues/\(venue.id)", body: ["notice": notice]).success()
    }

    /// So many changes, one after the other, "notice 1" first.
    func announce(times count: Int, at venue: Venue) async throws {
        for number in 1...count { try await announce("notice \(number)", at: venue) }
    }

    /// So many changes in no order.
    func announceAtOnce(times count: Int, at venue: Venue) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...count { group.addTask { try await announce("notice \(number)", at: venue) } }
            try await group.waitForAll()
        }
    }
}

extension Venue {
    /// The name of the venue's public channel.
    var calendarChannel: String { "calendar:venue:\(id)" }

    /// The name of the channel for the venue's staff.
    var operationsChannel: String { "ops:venue:\(id)" }
}
