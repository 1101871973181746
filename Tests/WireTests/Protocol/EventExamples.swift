import Testing
import Wire

/// One of each event, as a publication's data holds it.
struct EventExamples {
    private let start = Instant(microseconds: 1_782_867_600_000_000)
    private let slot: CalendarSlot

    init() throws {
        slot = CalendarSlot(
            id: 7, date: LocalDate(daysSinceEpoch: 20_635), startTime: try #require(LocalTime("09:00")),
            endTime: try #require(LocalTime("10:00")), startsAt: start, endsAt: start.advanced(bySeconds: 3_600), capacity: 20,
            unitsFree: 12
        )
    }

    var all: [String] {
        get throws {
            [
                try text(SlotCreated(slot: slot)),
                try text(SlotChanged(slot: slot)),
                try text(SlotRemoved(id: slot.id)),
                try text(
                    OccupancyChanged(
                        timeSlotID: slot.id, startsAt: slot.startsAt, endsAt: slot.endsAt, capacity: slot.capacity,
                        unitsFree: slot.unitsFree
                    )
                ),
                try text(VenueChanged(venueID: 1, name: "Court 1", status: "open", notice: "")),
                try text(VenueRemoved(venueID: 1)),
                try text(ReservationCreated(reservation: reservation(nil), username: "ana")),
                try text(ReservationChanged(reservation: reservation(nil))),
                try text(ReservationCancelled(reservation: reservation("user"))),
                try text(ReservationOwnerRenamed(userID: 42, username: "ana")),
                try text(OccupationTaken(occupation: occupation("hold", expiresAt: start, label: nil))),
                try text(OccupationChanged(occupation: occupation("reservation", expiresAt: nil, label: "Planning"))),
                try text(OccupationFreed(id: 9)),
                try text(
                    RoomChanged(roomID: 2, name: "大会议室", capacity: 20, location: "一楼左侧101", status: "maintenance", isActive: true)
                ),
                try text(RoomRemoved(roomID: 2)),
                try text(RoomReservationCreated(reservation: roomReservation(description: nil), username: "ana")),
                try text(RoomReservationChanged(reservation: roomReservation(description: "Bring figures"))),
                try text(RoomReservationChanged(reservation: roomReservation(description: nil), username: "ana", tzdata: "2026b")),
                try text(
                    RoomReservationNotMoved(
                        reservation: roomReservation(description: nil), meantStartsAt: start.advanced(bySeconds: 7_200),
                        meantEndsAt: start.advanced(bySeconds: 10_800), tzdata: "2026b"
                    )
                ),
                try text(RoomReservationCancelled(id: 5)),
                try text(
                    RoomHoldCreated(
                        hold: RoomHoldDetail(id: 4, roomID: 2, startsAt: slot.startsAt, endsAt: slot.endsAt, expiresAt: start)
                    )
                ),
                try text(
                    RoomInvitationChanged(
                        invitation: RoomInvitationDetail(reservation: roomReservation(description: nil), answer: "pending")
                    )
                ),
                try text(RoomInvitationWithdrawn(reservationID: 5)),
                try text(RoomInvitationAnswered(reservationID: 5, userID: 43, username: "ben", answer: "accepted")),
                try text(RoomHoldExpiring(id: 4, expiresAt: start, secondsLeft: 30)),
                try text(RoomHoldEnded(id: 4, ending: "confirmed", reservationID: 5)),
            ]
        }
    }

    private func reservation(_ cancelReason: String?) -> ReservationDetail {
        ReservationDetail(
            id: 3, userID: 42, timeSlotID: slot.id, venueID: 1, status: cancelReason == nil ? "confirmed" : "cancelled",
            cancelReason: cancelReason, date: slot.date, startTime: slot.startTime, endTime: slot.endTime, startsAt: slot.startsAt,
            endsAt: slot.endsAt, createdAt: start.advanced(bySeconds: -86_400), updatedAt: start.advanced(bySeconds: -86_400)
        )
    }

    private func occupation(_ kind: String, expiresAt: Instant?, label: String?) -> CalendarOccupation {
        CalendarOccupation(id: 9, kind: kind, startsAt: slot.startsAt, endsAt: slot.endsAt, expiresAt: expiresAt, label: label)
    }

    private func roomReservation(description: String?) -> RoomReservationDetail {
        RoomReservationDetail(
            id: 5, roomID: 2, userID: 42, title: "Planning", description: description, isPrivate: false, startsAt: slot.startsAt,
            endsAt: slot.endsAt, createdAt: start.advanced(bySeconds: -86_400), updatedAt: start.advanced(bySeconds: -86_400),
            seriesID: description.map { _ in 6 }, checkInBy: description.map { _ in slot.startsAt.advanced(bySeconds: 600) }
        )
    }

    private func text<Payload: Event>(_ event: Payload) throws -> String {
        try EventEnvelope(type: Payload.type, id: "evt_1", at: start, data: event).json().text
    }
}
