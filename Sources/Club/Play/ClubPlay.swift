import Client
import SeededRandom
import Wire

/// Plays a club on a server from the outside, as its people would: over HTTP and WebSockets, and nothing else.
public struct ClubPlay: Sendable {
    /// Told of each step of each stage; called often and from many tasks.
    public typealias Progress = @Sendable (_ stage: String, _ done: Int, _ total: Int) -> Void

    public enum Failure: Error, Sendable {
        case noBookings
        /// The parts of a calendar could not be read at one position.
        case calendarIsRestless
        case watchersNotSubscribed(Int)
    }

    /// How long watchers may take to subscribe, and to hear of everything after the last booking.
    static let patience = Duration.seconds(60)

    public var port: Int
    public var adminUsername: String
    public var adminPassword: String
    /// For the accounts that are made.
    public var memberPassword: String
    /// Bookings at a time.
    public var clients: Int
    public var watchers: Int
    /// Decides which watchers are cut, when, and for how long.
    public var seed: UInt64

    /// Of so many watchers one is restless.
    private static let watchersPerRestlessOne = 4

    public init(
        port: Int, adminUsername: String, adminPassword: String, memberPassword: String = "a racket and 4 balls", clients: Int = 8,
        watchers: Int = 200, seed: UInt64 = 1
    ) {
        self.port = port
        self.adminUsername = adminUsername
        self.adminPassword = adminPassword
        self.memberPassword = memberPassword
        self.clients = clients
        self.watchers = watchers
        self.seed = seed
    }

    /// Opens the club, plays its bookings before the watchers and compares what they have with what the server has.
    ///
    /// - Throws: ``Failure``, `Problem`, errors of sockets: whatever keeps the play from coming to its end. Flaws do not; see ``ClubReport``.
    public func run(_ data: ClubData, progress: @escaping Progress) async throws -> ClubReport {
        try await RESTClient.run(port: port, connectionsMax: max(clients, ClubOpening.width)) { rest in
            try await run(data, rest, progress)
        }
    }

    private func run(_ data: ClubData, _ rest: RESTClient, _ progress: @escaping Progress) async throws -> ClubReport {
        let admin = TokenSource(rest, username: adminUsername, password: adminPassword)
        let opening = ClubOpening(rest: rest, admin: admin, password: memberPassword, progress: progress)
        let club = try await opening.open(data)
        let clock = PlayClock()
        let times = DeliveryTimes()
        let players = BookingPlayers(rest: rest, club: club, clientCount: clients, times: times, clock: clock, progress: progress)
        let audience = audience(of: club, times, clock)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for watcher in audience { group.addTask { await watcher.run() } }
            defer { group.cancelAll() }
            do {
                try await audience.gather(progress)
                let outcome = try await players.play()
                // Whoever is away comes back now.
                await clock.end()
                let venues = club.venues.map(\.id)
                let equalReplicas = try await audience.countEqual(to: rest, venues: venues, days: club.days, width: clients, progress)
                return ClubReport(club, outcome, audience, equalReplicas: equalReplicas, times.percentiles)
            } catch {
                await clock.end()
                throw error
            }
        }
    }

    private func audience(of club: OpenClub, _ times: DeliveryTimes, _ clock: PlayClock) -> [CalendarWatcher] {
        var random = SplitMix64(seed: seed)
        return (0..<watchers).map { index in
            let venue = index % club.venues.count
            let generator = SplitMix64(seed: random.next())
            return CalendarWatcher(
                of: venue,
                calendar: club.venues[venue].calendar,
                port: port,
                tokens: club.people[index % club.people.count].tokens,
                restlessness: index % Self.watchersPerRestlessOne == 0 ? Restlessness(generator) : nil,
                clock: clock
            ) { heard, isLive in
                if isLive, case .occupancyChanged(let change) = heard.event { times.heard(change.timeSlotID, at: .now) }
            }
        }
    }
}

extension ClubReport {
    fileprivate init(
        _ club: OpenClub, _ outcome: BookingPlayers.Outcome, _ audience: [CalendarWatcher], equalReplicas: Int, _ delays: Percentiles
    ) {
        self.init()
        venues = club.venues.count
        accounts = club.people.count
        accepted = outcome.accepted
        refusals = outcome.refused
        bookingTime = outcome.elapsed
        watchers = audience.count
        self.equalReplicas = equalReplicas
        for watcher in audience {
            let counts = watcher.counts
            restlessWatchers += watcher.isRestless ? 1 : 0
            delivered += counts.delivered
            recovered += counts.recovered
            resumes += counts.resumes
            notRecovered += counts.notRecovered
            gaps += counts.gaps
            duplicates += counts.duplicates
            if let failure = watcher.failure { complaints.insert(failure) }
        }
        delayP50 = delays[50]
        delayP99 = delays[99]
    }
}
