import Client
import Testing
import Wire

@Suite struct CalendarReplicaTests {
    private func slot(_ id: Int64, free: Int = 2, capacity: Int = 2) throws -> CalendarSlot {
        CalendarSlot(
            id: id,
            date: try #require(LocalDate("2026-07-01")),
            startTime: try #require(LocalTime("09:00")),
            endTime: try #require(LocalTime("10:00")),
            startsAt: try #require(Instant(rfc3339: "2026-07-01T01:00:00Z")),
            endsAt: try #require(Instant(rfc3339: "2026-07-01T02:00:00Z")),
            capacity: capacity,
            unitsFree: free
        )
    }

    private func snapshot(_ slots: CalendarSlot..., status: String = "open") -> CalendarSnapshot {
        let stream = Stream(channel: "calendar:venue:1", position: StreamPosition(epoch: "e", offset: 0))
        return CalendarSnapshot(venueID: 1, status: status, stream: stream, slots: slots)
    }

    private func change(_ slot: Int64, free: Int, capacity: Int = 2) throws -> OccupancyChanged {
        OccupancyChanged(
            timeSlotID: slot,
            startsAt: try #require(Instant(rfc3339: "2026-07-01T01:00:00Z")),
            endsAt: try #require(Instant(rfc3339: "2026-07-01T02:00:00Z")),
            capacity: capacity,
            unitsFree: free
        )
    }

    @Test func `a replica that heard every event equals a fresh snapshot`() throws {
        var replica = CalendarReplica(snapshot(try slot(1), try slot(2)))

        replica.apply(.slotCreated(SlotCreated(slot: try slot(3))))
        replica.apply(.occupancyChanged(try change(1, free: 1)))
        replica.apply(.slotChanged(SlotChanged(slot: try slot(3, free: 5, capacity: 5))))
        replica.apply(.slotRemoved(SlotRemoved(id: 2)))
        replica.apply(.venueChanged(VenueChanged(venueID: 1, name: "Hall", status: "maintenance", notice: "")))
        replica.apply(.unknown(type: "slot.painted"))

        #expect(replica == CalendarReplica(snapshot(try slot(1, free: 1), try slot(3, free: 5, capacity: 5), status: "maintenance")))
    }

    @Test func `an event about a slot outside of the snapshot adds nothing`() throws {
        var replica = CalendarReplica(snapshot(try slot(1)))

        replica.apply(.occupancyChanged(try change(9, free: 0)))

        #expect(replica == CalendarReplica(snapshot(try slot(1))))
    }

    @Test func `a removed venue has no slots`() throws {
        var replica = CalendarReplica(snapshot(try slot(1)))

        replica.apply(.venueRemoved(VenueRemoved(venueID: 1)))

        #expect(replica.slots.isEmpty)
        #expect(replica.isRemoved)
    }

    @Test func `an envelope is read as the event its type names`() throws {
        let envelope = EventEnvelope(
            type: OccupancyChanged.type, id: "evt_1", at: Instant(microseconds: 0), data: try change(1, free: 1)
        )
        let publication = Publication(data: try RawJSON(encoding: envelope), offset: 1)

        #expect(try publication.data.decode(CalendarEvent.self) == .occupancyChanged(try change(1, free: 1)))
        #expect(try publication.head().type == "occupancy.changed")
        #expect(try publication.event(OccupancyChanged.self).data.unitsFree == 1)
    }

    @Test func `an event of an unknown type is kept as such`() throws {
        let event = try RawJSON(#"{"type":"slot.painted","id":"evt_1","at":"2026-07-01T01:00:00Z","v":1,"data":{"colour":"red"}}"#)
            .decode(CalendarEvent.self)

        #expect(event == .unknown(type: "slot.painted"))
    }
}
