import Client
import Gym
import SeededRandom
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(5))) struct ResumeStormTests {
    private static let writers = 8
    private static let slots = 25
    private static var bookings: Int { writers * slots }
    private static let watchers = 20

    @Test func `watchers who join and are cut at any moment hear everything once and in order while eight people book`() async throws {
        try await TestServer.run { server in
            let site = try await Site.make(at: server)
            let milestones = Milestones()
            var generator = SplitMix64(seed: 0x5707)
            let arrivals = (0..<Self.watchers).map { _ in Int.random(in: 0..<Self.bookings, using: &generator) }

            let accounts = try await withThrowingTaskGroup(of: Account.self) { group in
                for (number, arrival) in arrivals.enumerated() {
                    group.addTask {
                        await milestones.reached(arrival)
                        return try await site.watch(seed: UInt64(number), until: milestones, Self.bookings)
                    }
                }
                do {
                    try await site.book(milestones)
                } catch {
                    await milestones.end()
                    throw error
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }

            let connection = try await server.admin.connect()
            _ = try await connection.subscribe(site.venue.calendarChannel)
            let log = try await connection.log(of: site.venue.calendarChannel).map(LoggedEvent.init)
            #expect(log.count == Self.slots + Self.bookings)
            for account in accounts {
                #expect(account.hasArrived)
                #expect(account.isFlawless)
                #expect(account.heard == log.filter { $0.offset > account.since })
            }
            // Else nothing was tried.
            #expect(accounts.reduce(0) { $0 + $1.resumes } >= Self.watchers)
            await connection.close()
        }
    }

    /// What one watcher has to tell at the end.
    private struct Account: Sendable {
        let since: UInt64
        let heard: [LoggedEvent]
        let hasArrived: Bool
        let isFlawless: Bool
        let resumes: Int
    }

    private struct Site: Sendable {
        let venue: Venue
        let slots: [TimeSlot]
        let members: [TestUser]
        let watcher: TestUser

        static func make(at server: TestServer) async throws -> Site {
            let venue = try await server.venue()
            var slots: [TimeSlot] = []
            for day in 2..<2 + ResumeStormTests.slots {
                slots.append(try await server.slot(SlotSketch(date: "2026-07-\(day < 10 ? "0" : "")\(day)"), at: venue))
            }
            var members: [TestUser] = []
            for number in 0..<ResumeStormTests.writers { members.append(try await server.member("member\(number)")) }
            return Site(venue: venue, slots: slots, members: members, watcher: server.admin)
        }

        /// Everybody takes every slot, each in an order of their own.
        func book(_ milestones: Milestones) async throws {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (number, member) in members.enumerated() {
                    group.addTask {
                        var generator = SplitMix64(seed: UInt64(1_000 + number))
                        for slot in slots.shuffled(using: &generator) {
                            try await member.reserve(slot).success()
                            await milestones.advance()
                        }
                    }
                }
                try await group.waitForAll()
            }
        }

        /// Reads the calendar and continues from there through cuts, until everything is booked and heard.
        func watch(seed: UInt64, until milestones: Milestones, _ bookings: Int) async throws -> Account {
            let since = try await watcher.calendar(venue.id).stream.position
            let follower = Follower(venue.calendarChannel, since: since, cutOnceIn: 25, seed: seed) { try await watcher.connect() }
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await follower.subscription.run() }
                await milestones.reached(bookings)
                let top = try await watcher.calendar(venue.id).stream.offset
                let hasArrived = await follower.subscription.hasReached(top, within: .seconds(20))
                group.cancelAll()
                try await group.waitForAll()
                return Account(
                    since: since.offset, heard: follower.heard, hasArrived: hasArrived, isFlawless: follower.isFlawless,
                    resumes: follower.subscription.counts.resumes
                )
            }
        }
    }
}
