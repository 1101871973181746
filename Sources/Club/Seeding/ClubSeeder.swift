import Client
import SeededRandom
import Wire

/// Fills an empty server with a small club, a few days around today, over REST: venues of several capacities, slots, an account of each role
/// and some bookings. The same seed on the same day makes the same club.
public struct ClubSeeder: Sendable {
    private struct Plan {
        let name: String
        let location: String
        let capacity: Int
        let isExclusive: Bool
        let slotHours: Int
    }

    private static let plans = [
        Plan(name: "Tennis Court 1", location: "Garden", capacity: 1, isExclusive: true, slotHours: 1),
        Plan(name: "Tennis Court 2", location: "Garden", capacity: 1, isExclusive: true, slotHours: 1),
        Plan(name: "Badminton Hall", location: "North Wing, ground floor", capacity: 4, isExclusive: false, slotHours: 1),
        Plan(name: "Yoga Studio", location: "North Wing, first floor", capacity: 12, isExclusive: false, slotHours: 2),
        Plan(name: "Swimming Pool", location: "South Wing", capacity: 30, isExclusive: false, slotHours: 2),
        Plan(name: "Weight Room", location: "South Wing, basement", capacity: 20, isExclusive: false, slotHours: 3),
    ]
    private static let roles = ["employee", "leader", "staff", "admin"]
    private static let colleagueCount = 4
    private static let openingHour = 8
    private static let closingHour = 20
    private static let daysBefore = 1
    private static let daysAfter = 5
    /// Of so many chances that a colleague has to book, one is taken.
    private static let chancesPerBooking = 20
    private static let freeSlotsShown = 5
    private static let width = 8

    public var rest: RESTClient
    public var adminToken: String
    /// On the club's wall calendar.
    public var today: LocalDate
    /// For all accounts that are made.
    public var password: String
    public var seed: UInt64

    public init(rest: RESTClient, adminToken: String, today: LocalDate, password: String, seed: UInt64 = 1) {
        self.rest = rest
        self.adminToken = adminToken
        self.today = today
        self.password = password
        self.seed = seed
    }

    /// Makes the club; nil where the server has venues already, which are left alone.
    ///
    /// - Throws: `Problem`, errors of the socket.
    public func seed() async throws -> SeededClub? {
        let administration = rest.with(token: adminToken)
        guard try await !administration.hasVenues() else { return nil }
        let days = today.advanced(byDays: -Self.daysBefore)...today.advanced(byDays: Self.daysAfter)
        var venues: [SeededClub.Venue] = []
        for plan in Self.plans {
            let venue = NewVenue(name: plan.name, location: plan.location, capacity: plan.capacity, exclusive: plan.isExclusive)
            venues.append(.init(id: try await administration.createVenue(venue), name: plan.name))
        }
        var slots: [BookableSlot] = []
        for (plan, venue) in zip(Self.plans, venues) {
            slots += try await open(plan, venue.id, days, administration)
        }
        let accounts = try await registerRoles(serving: venues, administration)
        let taken = try await book(slots)
        let free = slots.filter { taken[$0.id, default: 0] < $0.capacity }.sorted { ($0.date, $0.id) < ($1.date, $1.id) }
        return SeededClub(accounts: accounts, venues: venues, freeSlotIDs: free.prefix(Self.freeSlotsShown).map(\.id), days: days)
    }

    /// A slot that can be booked whatever the time zone: it begins tomorrow or later.
    private struct BookableSlot {
        let id: Int64
        let date: LocalDate
        let hours: Range<Int>
        let capacity: Int
    }

    private func open(
        _ plan: Plan, _ venue: Int64, _ days: ClosedRange<LocalDate>, _ administration: RESTClient
    ) async throws -> [BookableSlot] {
        let opened = (days.lowerBound.daysSinceEpoch...days.upperBound.daysSinceEpoch).flatMap { day in
            stride(from: Self.openingHour, through: Self.closingHour - plan.slotHours, by: plan.slotHours).compactMap { hour in
                let hours = hour..<hour + plan.slotHours
                return NewSlot(date: LocalDate(daysSinceEpoch: day), hours: hours, capacity: plan.capacity).map { (slot: $0, hours: hours) }
            }
        }
        let ids = try await concurrently(opened.count, width: Self.width) { index in
            try await administration.createSlot(opened[index].slot, venue: venue)
        }
        return zip(ids, opened).map { BookableSlot(id: $0, date: $1.slot.date, hours: $1.hours, capacity: plan.capacity) }
            .filter { $0.date > today }
    }

    private func registerRoles(serving venues: [SeededClub.Venue], _ administration: RESTClient) async throws -> [SeededClub.Account] {
        var accounts: [SeededClub.Account] = []
        for role in Self.roles {
            let username = "demo_\(role)"
            let id = try await register(username)
            let places = role == "staff" ? venues.map { "venue:\($0.id)" } : nil
            if role != Self.roles[0] { try await administration.changeRole(of: id, RoleChange(role: role, places: places)) }
            accounts.append(.init(role: role, username: username, userID: id))
        }
        return accounts
    }

    private func register(_ username: String) async throws -> Int64 {
        try await rest.register(NewAccount(username: username, email: "\(username)@club.example", password: password))
    }

    /// Lets colleagues book here and there; answers how many units of each slot are taken.
    private func book(_ slots: [BookableSlot]) async throws -> [Int64: Int] {
        var random = SplitMix64(seed: seed)
        var taken: [Int64: Int] = [:]
        for number in 1...Self.colleagueCount {
            let username = "colleague_\(number)"
            let id = try await register(username)
            let own = rest.with(token: try await rest.login(username: username, password: password).accessToken)
            var busy: [LocalDate: [Range<Int>]] = [:]
            for slot in slots where random.number(in: 1...Self.chancesPerBooking) == 1 {
                let isFree = !busy[slot.date, default: []].contains { $0.overlaps(slot.hours) }
                guard isFree, taken[slot.id, default: 0] < slot.capacity else { continue }
                try await own.reserve(NewReservation(userID: id, timeSlotID: slot.id)).success()
                busy[slot.date, default: []].append(slot.hours)
                taken[slot.id, default: 0] += 1
            }
        }
        return taken
    }
}

extension NewSlot {
    fileprivate init?(date: LocalDate, hours: Range<Int>, capacity: Int) {
        guard let start = LocalTime(minuteOfDay: hours.lowerBound * 60), let end = LocalTime(minuteOfDay: hours.upperBound * 60)
        else { return nil }
        self.init(date: date, startTime: start, endTime: end, capacity: capacity)
    }
}
