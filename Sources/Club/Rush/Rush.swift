import Client
import Foundation
import Wire

/// Many people want the same few slots, on servers whose parts may fail meanwhile: bookings at an even pace, each repeated under its
/// idempotency key until it is answered, before watchers that resume. It plays from the outside, over HTTP and WebSockets.
public struct Rush: Sendable {
    public var host: String
    public var port: Int
    public var adminUsername: String
    public var adminPassword: String
    /// For the accounts that are made.
    public var memberPassword = "a racket and 4 balls"
    public var watchers: Int
    public var bookings: Int
    /// At least two; every other one is for a single party.
    public var venues: Int
    /// Bookings that are begun in a second; those that have to wait do not hold up the others.
    public var perSecond: Int
    /// Bookings at a time, each over its own connection.
    public var clients: Int
    /// Decides who wants what.
    public var seed: UInt64

    public init(
        host: String = "127.0.0.1", port: Int, adminUsername: String, adminPassword: String, watchers: Int, bookings: Int, venues: Int,
        perSecond: Int, clients: Int = 64, seed: UInt64 = 1
    ) {
        self.host = host
        self.port = port
        self.adminUsername = adminUsername
        self.adminPassword = adminPassword
        self.watchers = watchers
        self.bookings = bookings
        self.venues = venues
        self.perSecond = perSecond
        self.clients = clients
        self.seed = seed
    }

    /// Makes the accounts, on any server that has the database: one whose passwords cost little spares everybody the hashing.
    ///
    /// - Throws: `Problem`, errors of sockets.
    public func prepare(progress: @escaping ClubPlay.Progress) async throws {
        let people = RushPlan(bookings: bookings, venues: venues, seed: seed).people
        try await withClient { rest in try await opening(rest, from: LocalDate(daysSinceEpoch: 0), progress).register(people) }
    }

    /// Plays it and compares what the watchers have with what the servers have. ``prepare(progress:)`` has been there before.
    ///
    /// - Parameter firstDay: the day of the first slots; in the future wherever the venues are.
    /// - Throws: ``ClubPlay/Failure``, `Problem`, errors of sockets: whatever keeps it from coming to its end. Violations do not.
    public func run(from firstDay: LocalDate, progress: @escaping ClubPlay.Progress) async throws -> RushReport {
        try await withClient { rest in try await run(from: firstDay, rest, progress) }
    }

    private func withClient<Result>(_ body: (RESTClient) async throws -> Result) async throws -> Result {
        try await RESTClient.run(host: host, port: port, connectionsMax: max(clients, ClubOpening.width), body)
    }

    private func opening(_ rest: RESTClient, from firstDay: LocalDate, _ progress: @escaping ClubPlay.Progress) -> RushOpening {
        let admin = TokenSource(rest, username: adminUsername, password: adminPassword)
        return RushOpening(rest: rest, admin: admin, password: memberPassword, firstDay: firstDay, progress: progress)
    }

    private func run(from firstDay: LocalDate, _ rest: RESTClient, _ progress: @escaping ClubPlay.Progress) async throws -> RushReport {
        let plan = RushPlan(bookings: bookings, venues: venues, seed: seed)
        let open = try await opening(rest, from: firstDay, progress).open(plan)
        let delays = DeliveryDelays()
        let audience = (0..<watchers).map { index in
            let venue = index % open.venues.count
            return CalendarWatcher(
                of: venue, calendar: open.venues[venue].calendar, host: host, port: port,
                tokens: open.people[index % open.people.count].tokens
            ) { heard, _ in delays.heard(heard.at, at: Instant(Date())) }
        }
        let players = RushPlayers(rest: rest, plan: plan, open: open, clientCount: clients, perSecond: perSecond, progress: progress)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for watcher in audience { group.addTask { await watcher.run() } }
            defer { group.cancelAll() }
            try await audience.gather(progress)
            let played = try await players.play()
            let venues = open.venues.map(\.id)
            let equal = try await audience.countEqual(to: rest, venues: venues, days: open.days, width: ClubOpening.width, progress)
            var report = RushReport(plan, open, played, audience, equalReplicas: equal)
            report.add(delays)
            return report
        }
    }
}
