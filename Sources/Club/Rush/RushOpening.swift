import Client
import Wire

/// Creates what a plan needs over REST: accounts first, then venues and slots.
struct RushOpening: Opening {
    private static let openingHour = 8
    private static let hoursPerDay = 12

    let rest: RESTClient
    let admin: TokenSource
    let password: String
    /// In the future wherever the venues are.
    let firstDay: LocalDate
    let progress: ClubPlay.Progress

    /// - Throws: `Problem`, errors of sockets.
    func open(_ plan: RushPlan) async throws -> OpenRush {
        let venueIDs = try await stage("venues", plan.capacities.count) { index in
            let capacity = plan.capacities[index]
            let venue = NewVenue(name: "Rush \(index)", capacity: capacity, exclusive: capacity == 1)
            return try await rest.with(token: admin.token()).createVenue(venue)
        }
        let slotIDs = try await stage("slots", plan.slots.count) { index in
            let slot = plan.slots[index]
            return try await rest.with(token: admin.token()).createSlot(newSlot(slot), venue: venueIDs[slot.venue])
        }
        let people = try await stage("accounts", plan.people) { try await signIn($0) }
        let days = firstDay...firstDay.advanced(byDays: (plan.slots.last?.hour ?? 0) / Self.hoursPerDay)
        let calendars = try await stage("calendars", venueIDs.count) { index in
            try await rest.wholeCalendar(venue: venueIDs[index], days: days)
        }
        return OpenRush(
            venues: zip(venueIDs, calendars).map { OpenClub.Venue(id: $0, calendar: $1) }, people: people, slotIDs: slotIDs, days: days)
    }

    private func newSlot(_ slot: RushPlan.Slot) throws -> NewSlot {
        let hour = Self.openingHour + slot.hour % Self.hoursPerDay
        guard let start = LocalTime(minuteOfDay: hour * 60), let end = LocalTime(minuteOfDay: hour * 60 + 60) else {
            throw ClubPlay.Failure.noBookings
        }
        let date = firstDay.advanced(byDays: slot.hour / Self.hoursPerDay)
        return NewSlot(date: date, startTime: start, endTime: end, capacity: slot.capacity)
    }

    /// Makes the accounts that ``open(_:)`` signs in.
    func register(_ people: Int) async throws {
        _ = try await stage("accounts", people) { number in
            let username = Self.username(number)
            return try await rest.register(NewAccount(username: username, email: "\(username)@club.example", password: password))
        }
    }

    private func signIn(_ number: Int) async throws -> OpenClub.Person {
        let tokens = TokenSource(rest, username: Self.username(number), password: password)
        return OpenClub.Person(id: try await rest.with(token: tokens.token()).me().id, tokens: tokens)
    }

    private static func username(_ number: Int) -> String { "rush_\(number)" }
}

/// A plan's venues, people and slots as they stand on a server; indices are the plan's.
struct OpenRush: Sendable {
    let venues: [OpenClub.Venue]
    let people: [OpenClub.Person]
    let slotIDs: [Int64]
    let days: ClosedRange<LocalDate>
}
