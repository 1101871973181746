import Testing
import Wire

/// A judge who finds nothing wrong proves something only if he would.
@Suite struct BookingOracleTests {
    private static let date = LocalDate(daysSinceEpoch: 20_000)

    private static func slot(_ id: Int64, hour: Int64 = 10, capacity: Int = 1, unitsFree: Int) throws -> CalendarSlot {
        CalendarSlot(
            id: id, date: date, startTime: try #require(LocalTime("10:00")), endTime: try #require(LocalTime("11:00")),
            startsAt: Instant(microseconds: hour * 3_600_000_000), endsAt: Instant(microseconds: (hour + 1) * 3_600_000_000),
            capacity: capacity, unitsFree: unitsFree
        )
    }

    private static func reservation(_ id: Int64, in slot: CalendarSlot, of user: Int64) -> ReservationDetail {
        ReservationDetail(
            id: id, userID: user, timeSlotID: slot.id, venueID: 1, status: "confirmed", cancelReason: nil, date: date,
            startTime: slot.startTime, endTime: slot.endTime, startsAt: slot.startsAt, endsAt: slot.endsAt, createdAt: slot.startsAt,
            updatedAt: slot.startsAt
        )
    }

    private static func place(
        _ slots: [CalendarSlot], _ reservations: [ReservationDetail], id: Int64 = 1, partOf parent: Int64? = nil, capacity: Int = 1,
        isOpen: Bool = true
    ) -> BookingOracle.Place {
        BookingOracle.Place(id: id, parentID: parent, capacity: capacity, isOpen: isOpen, slots: slots, reservations: reservations)
    }

    @Test func `a club in order is in order`() throws {
        let (half, whole) = (try Self.slot(1, unitsFree: 0), try Self.slot(2, unitsFree: 0))
        let later = try Self.slot(3, hour: 11, unitsFree: 0)
        let places = [
            Self.place([whole, later], [Self.reservation(1, in: later, of: 1)]),
            Self.place([half], [Self.reservation(2, in: half, of: 1)], id: 2, partOf: 1),
        ]
        #expect(BookingOracle(places: places).violations == [])
    }

    @Test func `an overbooked slot is seen`() throws {
        let slot = try Self.slot(1, unitsFree: 0)
        let reservations = [Self.reservation(1, in: slot, of: 1), Self.reservation(2, in: slot, of: 2)]
        #expect(!BookingOracle(places: [Self.place([slot], reservations)]).violations.isEmpty)
    }

    @Test func `a whole that is taken with a part of its part is seen`() throws {
        let slots = [try Self.slot(1, unitsFree: 0), try Self.slot(2, unitsFree: 0)]
        let places = [
            Self.place([slots[0]], [Self.reservation(1, in: slots[0], of: 1)]), Self.place([], [], id: 2, partOf: 1),
            Self.place([slots[1]], [Self.reservation(2, in: slots[1], of: 2)], id: 3, partOf: 2),
        ]
        #expect(!BookingOracle(places: places).violations.isEmpty)
    }

    @Test func `room that is wrongly told is seen`() throws {
        let slot = try Self.slot(1, capacity: 3, unitsFree: 3)
        let places = [Self.place([slot], [Self.reservation(1, in: slot, of: 1)], capacity: 3)]
        #expect(BookingOracle(places: places).violations.count == 1)
        let taken = try Self.slot(2, unitsFree: 0)
        let parts = [
            Self.place([try Self.slot(1, unitsFree: 1)], []),
            Self.place([taken], [Self.reservation(1, in: taken, of: 1)], id: 2, partOf: 1),
        ]
        #expect(BookingOracle(places: parts).violations.count == 1)
    }

    @Test func `a reservation that stands where it can't is seen`() throws {
        let slot = try Self.slot(1, unitsFree: 0)
        let reservation = Self.reservation(1, in: slot, of: 1)
        #expect(!BookingOracle(places: [Self.place([slot], [reservation], isOpen: false)]).violations.isEmpty)
        #expect(!BookingOracle(places: [Self.place([], [reservation])]).violations.isEmpty)
        let moved = try Self.slot(1, hour: 12, unitsFree: 0)
        #expect(!BookingOracle(places: [Self.place([moved], [reservation])]).violations.isEmpty)
        let twice = [reservation, Self.reservation(2, in: slot, of: 1)]
        let roomy = try Self.slot(1, capacity: 2, unitsFree: 0)
        #expect(BookingOracle(places: [Self.place([roomy], twice, capacity: 2)]).violations.count == 1)
    }
}
