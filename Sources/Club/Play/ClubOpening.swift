import Client
import Wire

/// Creates a club over REST: its venues, its people's accounts, and a slot for each booking.
struct ClubOpening: Sendable {
    /// Requests at a time; registering and signing in wait for the password's hash most of all.
    static let width = 16

    let rest: RESTClient
    let admin: TokenSource
    let password: String
    let progress: ClubPlay.Progress

    /// - Throws: `Problem` and whatever else keeps the club from opening.
    func open(_ club: ClubData) async throws -> OpenClub {
        guard let days = club.days else { throw ClubPlay.Failure.noBookings }
        let administration = rest.with(token: try await admin.token())
        let venueIDs = try await step("venues", club.facilities.count) { index in
            try await administration.createVenue(NewVenue(name: club.facilities[index].name, capacity: 1, exclusive: true))
        }
        let roster = ClubRoster(club)
        let people = try await step("accounts", roster.accounts.count) { index in try await register(roster.accounts[index]) }
        let venueOfFacility = Dictionary(zip(club.facilities.map(\.id), venueIDs)) { first, _ in first }
        let slotIDs = try await step("slots", club.bookings.count) { index in
            let booking = club.bookings[index]
            guard let venue = venueOfFacility[booking.facilityID] else { throw ClubPlay.Failure.noBookings }
            let slot = NewSlot(date: booking.date, startTime: booking.startTime, endTime: booking.endTime, capacity: 1)
            return try await rest.with(token: admin.token()).createSlot(slot, venue: venue)
        }
        let venues = try await step("calendars", venueIDs.count) { index in
            OpenClub.Venue(id: venueIDs[index], calendar: try await administration.wholeCalendar(venue: venueIDs[index], days: days))
        }
        let bookings = zip(roster.ownerOfBooking, slotIDs).map { OpenClub.Booking(person: $0, slotID: $1) }
        return OpenClub(venues: venues, people: people, bookings: bookings, days: days)
    }

    private func step<Result: Sendable>(
        _ name: String, _ count: Int, _ work: @escaping @Sendable (Int) async throws -> Result
    ) async throws -> [Result] {
        let meter = ProgressMeter(name, of: count, progress)
        return try await concurrently(count, width: Self.width) { index in
            let result = try await work(index)
            meter.advance()
            return result
        }
    }

    /// Registers somebody and signs them in, so that the play measures bookings and no password hashing.
    private func register(_ account: ClubRoster.Account) async throws -> OpenClub.Person {
        let id = try await rest.register(
            NewAccount(username: account.username, email: account.email, password: password, phone: account.phone)
        )
        let tokens = TokenSource(rest, username: account.username, password: password)
        _ = try await tokens.token()
        return OpenClub.Person(id: id, tokens: tokens)
    }
}
