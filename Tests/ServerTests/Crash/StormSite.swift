import Client
import Core
import Gym
import SeededRandom
import ServerTesting
import Wire

/// A venue, its slots and the people who will book them, prepared on a database that another server then opens.
struct StormSite: Sendable {
    static let members = 8
    static let slotsPerDay = 8

    let admin: TestUser
    let members: [TestUser]
    let venue: Venue
    let slots: [TimeSlot]
    let first: LocalDate
    let last: LocalDate

    /// By the machine's clock, as the server that comes next goes by it.
    ///
    /// - Parameter days: with ``slotsPerDay`` slots each.
    static func prepare(in directory: TestDirectory, days: Int = 6) async throws -> StormSite {
        try await TestServer.run(in: directory, time: .startingNow) { server in
            let today = LocalDate(daysSinceEpoch: Int(server.time.now.microseconds / 86_400_000_000))
            let venue = try await server.venue()
            var members: [TestUser] = []
            for number in 0..<Self.members { members.append(try await server.member("member\(number)")) }
            var slots: [TimeSlot] = []
            for day in 0..<days {
                for hour in 10..<10 + slotsPerDay {
                    let date = today.advanced(byDays: 2 + day).description
                    slots.append(try await server.slot(SlotSketch(date: date, "\(hour):00", "\(hour + 1):00"), at: venue))
                }
            }
            return StormSite(
                admin: server.admin, members: members, venue: venue, slots: slots, first: today, last: today.advanced(byDays: days + 2)
            )
        }
    }

    /// Everybody takes every slot, in an order that the seed decides.
    func attempts(seed: UInt64) -> [BookingStorm.Attempt] {
        var generator = SplitMix64(seed: seed)
        return members.flatMap { member in
            slots.map { slot in
                BookingStorm.Attempt(
                    token: member.token, userID: member.id, timeSlotID: slot.id.rawValue, key: "storm-\(member.id)-\(slot.id)"
                )
            }
        }.shuffled(using: &generator)
    }

    func audit(at server: ServerProcess, over rest: RESTClient) async throws -> BookingAudit {
        try await BookingAudit(of: venue, by: admin.moved(to: server, over: rest), from: first, through: last)
    }
}
