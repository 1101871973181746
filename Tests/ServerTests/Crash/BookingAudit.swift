import Client
import Gym
import ServerTesting
import Testing
import Wire

/// What a venue's reservations, its calendar and its log say of each other. Whatever was going on when they were read, there is nothing
/// half done among them: each is one read of one moment.
struct BookingAudit {
    /// The reservations that stand, by id.
    let standing: [Int64: ReservationDetail]
    let epoch: String

    /// Reads everything and checks that it agrees.
    ///
    /// - Parameter dates: the days on which the venue's slots lie.
    init(of venue: Venue, by admin: TestUser, from first: LocalDate, through last: LocalDate) async throws {
        let snapshot: VenueOperationsSnapshot = try await admin.rest.get(
            "/api/v1/venues/\(venue.id)/operations?start_date=\(first)&end_date=\(last)"
        ).success().decode()
        let reservations = snapshot.reservations.map(\.reservation)
        standing = Dictionary(reservations.map { ($0.id, $0) }) { first, _ in first }
        epoch = snapshot.stream.epoch
        #expect(standing.count == reservations.count)

        // A reservation without an occupation, or the other way round, would show as room that is missing or left over.
        let taken = Dictionary(grouping: reservations, by: \.timeSlotID).mapValues(\.count)
        for slot in snapshot.slots { #expect(slot.capacity - slot.unitsFree == taken[slot.id, default: 0]) }
        let people = Set(reservations.map { [$0.timeSlotID, $0.userID] })
        #expect(people.count == reservations.count)

        let connection = try await admin.connect()
        _ = try await connection.subscribe(venue.operationsChannel)
        let log = try await connection.log(of: venue.operationsChannel)
        await connection.close()
        try Self.compare(log.filter { $0.offset <= snapshot.stream.offset }, reservations, snapshot.slots)
    }

    /// Whether the events, told from the beginning, end at what the snapshot says.
    private static func compare(_ log: [Publication], _ reservations: [ReservationDetail], _ slots: [CalendarSlot]) throws {
        #expect(log.map(\.offset) == (0..<log.count).map { UInt64($0) + 1 })
        var created: [Int64: ReservationDetail] = [:]
        var createdCount = 0
        var unitsFree: [Int64: Int] = [:]
        for publication in log {
            switch try publication.head().type {
            case SlotCreated.type:
                let slot = try publication.event(SlotCreated.self).data.slot
                unitsFree[slot.id] = slot.unitsFree
            case ReservationCreated.type:
                let reservation = try publication.event(ReservationCreated.self).data.reservation
                created[reservation.id] = reservation
                createdCount += 1
            case OccupancyChanged.type:
                let change = try publication.event(OccupancyChanged.self).data
                // One person at a time.
                #expect(unitsFree[change.timeSlotID] == change.unitsFree + 1)
                unitsFree[change.timeSlotID] = change.unitsFree
            case let type:
                Issue.record("an event that nothing here could have caused: \(type)")
            }
        }
        #expect(createdCount == reservations.count)
        #expect(Set(created.values) == Set(reservations))
        #expect(unitsFree == Dictionary(slots.map { ($0.id, $0.unitsFree) }) { first, _ in first })
    }
}
