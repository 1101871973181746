import Foundation
import Testing
import Wire

/// Events that spell themselves out say what the encoder would make of them, to the byte.
@Suite struct EventJSONTests {
    private static let detail = ReservationDetail(
        id: 1, userID: -2, timeSlotID: .max, venueID: 4, status: "confirmed", cancelReason: nil, date: LocalDate(daysSinceEpoch: 20_635),
        startTime: LocalTime(hour: 9), endTime: LocalTime(hour: 24),
        startsAt: Instant(microseconds: 1_782_864_000_000_000), endsAt: Instant(microseconds: 1_782_864_000_120_000),
        createdAt: Instant(microseconds: -1), updatedAt: Instant(microseconds: 1_782_864_000_000_001)
    )
    private static let cancelled = ReservationDetail(
        id: 1, userID: 2, timeSlotID: 3, venueID: 4, status: "cancelled", cancelReason: "user", date: LocalDate(daysSinceEpoch: -719_528),
        startTime: LocalTime(hour: 0), endTime: LocalTime(hour: 1), startsAt: Instant(microseconds: 0), endsAt: Instant(microseconds: 1),
        createdAt: Instant(microseconds: 2), updatedAt: Instant(microseconds: 3)
    )

    @Test func `the events of a booking are written as the encoder writes them`() throws {
        let start = Instant(microseconds: 1_782_864_000_000_000)
        try expectSame(
            OccupancyChanged(timeSlotID: 7, startsAt: start, endsAt: start.advanced(bySeconds: 3_600), capacity: 9, unitsFree: 0))
        for detail in [Self.detail, Self.cancelled] {
            for username in [nil, "ana", "a\"\\b\n日本 👟", ""] {
                try expectSame(ReservationCreated(reservation: detail, username: username))
                try expectSame(ReservationCancelled(reservation: detail, username: username))
            }
        }
    }

    @Test func `an event that says nothing of its own is encoded as any value`() throws {
        try expectSame(SlotRemoved(id: 3))
        try expectSame(VenueChanged(venueID: 1, name: "\u{1}", status: "open", notice: "/"))
    }

    private func expectSame<E: Event & Hashable>(_ event: E) throws {
        let envelope = EventEnvelope(type: E.type, id: "evt_1", at: Instant(microseconds: 1_500), data: event)
        let json = try envelope.json()
        #expect(json.text == String(decoding: try JSONByteEncoder().encode(envelope), as: UTF8.self))
        #expect(try json.decode(EventEnvelope<E>.self).data == event)
    }
}

extension LocalTime {
    fileprivate init(hour: Int) {
        guard let time = LocalTime(minuteOfDay: hour * 60) else { preconditionFailure("a day has 24 hours") }
        self = time
    }
}
