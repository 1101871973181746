import Client
import Wire

/// Creates a club over REST: its venues, its people's accounts, and a slot for each booking.
struct ClubOpening: Opening {
    let rest: RESTClient
    let admin: TokenSource
    let password: String
    let progress: ClubPlay.Progress

    /// - Throws: `Problem` and whatever else keeps the club from opening.
    func open(_ club: ClubData) async throws -> OpenClub {
        guard let days = club.days else { throw ClubPlay.Failure.noBookings }
        let administration = rest.with(token: try await admin.token())
        let venueIDs = try await stage("venues", club.facilities.count) { index in
            try await administration.createVenue(NewVenue(name: club.facilities[index].name, capacity: 1, exclusive: true))
        }
        let roster = ClubRoster(club)
        let people = try await stage("accounts", roster.accounts.count) { index in try await register(roster.accounts[index]) }
        let venueOfFacility = Dictionary(zip(club.facilities.map(\.id), venueIDs)) { first, _ in first }
        let slotIDs = try await stage("slots", club.bookings.count) { index in
            let booking = club.bookings[index]
            guard let venue = venueOfFacility[booking.facilityID] else { throw ClubPlay.Failure.noBookings }
            let slot = NewSlot(date: booking.date, startTime: booking.startTime, endTime: booking.endTime, capacity: 1)
            return try await rest.with(token: admin.token()).createSlot(slot, venue: venue)
        }
        let venues = try await stage("calendars", venueIDs.count) { index in
            OpenClub.Venue(id: venueIDs[index], calendar: try await administration.wholeCalendar(venue: venueIDs[index], days: days))
        }
        let bookings = zip(roster.ownerOfBooking, slotIDs).map { OpenClub.Booking(person: $0, slotID: $1) }
        return OpenClub(venues: venues, people: people, bookings: bookings, days: days)
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
