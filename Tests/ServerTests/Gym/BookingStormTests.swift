import Client
import Gym
import ServerTesting
import Testing
import Wire

/// Everybody wants the same slot at the same moment.
@Suite(.timeLimit(.minutes(2))) struct BookingStormTests {
    @Test func `of two hundred who want a slot as many get it as there is room for`() async throws {
        try await TestServer.run { server in
            let members = try await server.crowd(200)
            for (capacity, hour) in [(1, 10), (7, 12), (50, 14)] {
                let venue = try await server.venue(VenueSketch(capacity: capacity))
                let slot = try await server.slot(SlotSketch("\(hour):00", "\(hour + 1):00"), at: venue)
                let calendar = try await server.admin.watch(VenueCalendar(venue: venue.id.rawValue))

                let answers = try await withThrowingTaskGroup(of: RESTResponse.self) { group in
                    for member in members { group.addTask { try await member.reserve(slot) } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }

                #expect(answers.count { $0.status == 201 } == capacity)
                let refusals = answers.filter { $0.status != 201 }
                #expect(refusals.allSatisfy { $0.status == 409 && $0.problem?.code == "booking.no_room" })
                #expect(refusals.count == members.count - capacity)
                // One event for each that was accepted, each with one place less, down to none.
                let snapshot = try await server.admin.calendar(venue.id)
                let told = try await calendar.read(through: snapshot.stream.offset).map { try $0.event(OccupancyChanged.self).data }
                #expect(told.map(\.unitsFree) == (0..<capacity).reversed())
                #expect(snapshot.slots.map(\.unitsFree) == [0])
                let owners = try await server.admin.operations(venue.id).reservations.map(\.reservation.userID)
                #expect(Set(owners).count == capacity && owners.count == capacity)
            }
        }
    }

    @Test func `one person who asks many times at once gets a slot once`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let slot = try await server.slot(capacity: 50)
            let answers = try await withThrowingTaskGroup(of: RESTResponse.self) { group in
                for _ in 1...40 { group.addTask { try await ana.reserve(slot) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.count { $0.status == 201 } == 1)
            #expect(answers.count { $0.problem?.code == "reservation.already_reserved" } == 39)
            #expect(try await ana.calendar(slot.venueID).slots.map(\.unitsFree) == [49])
        }
    }

    @Test func `of those who want the whole and those who want its halves one side gets it`() async throws {
        try await TestServer.run { server in
            let members = try await server.crowd(24)
            let whole = try await server.venue(VenueSketch(capacity: 24))
            let half = try await server.venue(VenueSketch(capacity: 24, parent: whole))
            for hour in 10...14 {
                let wholeSlot = try await server.slot(SlotSketch("\(hour):00", "\(hour + 1):00"), at: whole)
                let halfSlot = try await server.slot(SlotSketch("\(hour):00", "\(hour + 1):00"), at: half)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for (index, member) in members.enumerated() {
                        group.addTask { _ = try await member.reserve(index.isMultiple(of: 2) ? wholeSlot : halfSlot) }
                    }
                    try await group.waitForAll()
                }
                let taken = [
                    try await server.admin.operations(whole.id), try await server.admin.operations(half.id),
                ].map { $0.reservations.count { $0.reservation.startsAt == wholeSlot.startsAt } }
                #expect(taken.sorted() == [0, 12])
            }
        }
    }
}
