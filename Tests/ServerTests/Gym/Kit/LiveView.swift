import Client
import Core
import Gym
import ServerTesting
import Wire

/// Something that a client keeps current by a snapshot and the events since. Two are equal when they show the same at the same position.
protocol LiveView: Equatable, Sendable {
    var channel: String { get }
    /// The newest event that the view holds.
    var position: StreamPosition { get set }

    /// A fresh snapshot.
    ///
    /// - Parameter id: of the venue or the person.
    static func read(of id: Int64, by user: TestUser) async throws -> Self
    mutating func apply(_ event: RawJSON) throws
}

/// `calendar:venue:<id>`.
struct CalendarView: LiveView {
    let channel: String
    var position: StreamPosition
    private var replica: CalendarReplica

    static func read(of id: Int64, by user: TestUser) async throws -> CalendarView {
        let path = "/api/v1/venues/\(id)/calendar?start_date=2026-06-01&end_date=2026-12-31"
        let snapshot = try await user.rest.get(path).success().decode(CalendarSnapshot.self)
        return CalendarView(channel: snapshot.stream.channel, position: snapshot.stream.position, replica: CalendarReplica(snapshot))
    }

    mutating func apply(_ event: RawJSON) throws {
        replica.apply(try event.decode())
    }
}

/// `ops:venue:<id>`.
struct OperationsView: LiveView {
    let channel: String
    var position: StreamPosition
    private var status: String
    private var slots: [Int64: CalendarSlot]
    private var entries: [Int64: VenueOperationsSnapshot.Entry]

    static func read(of id: Int64, by user: TestUser) async throws -> OperationsView {
        let snapshot = try await user.operations(Venue.ID(id))
        return OperationsView(
            channel: snapshot.stream.channel, position: snapshot.stream.position, status: snapshot.status.rawValue,
            slots: Dictionary(uniqueKeysWithValues: snapshot.slots.map { ($0.id, $0) }),
            entries: Dictionary(uniqueKeysWithValues: snapshot.reservations.map { ($0.reservation.id, $0) })
        )
    }

    mutating func apply(_ event: RawJSON) throws {
        switch try event.decode(EventHead.self).type {
        case ReservationCreated.type, ReservationChanged.type:
            let told = try event.decode(EventEnvelope<Told>.self).data
            entries[told.reservation.id] = try event.decode(EventEnvelope<VenueOperationsSnapshot.Entry>.self).data
        case ReservationCancelled.type: entries[try event.decode(EventEnvelope<Told>.self).data.reservation.id] = nil
        case ReservationOwnerRenamed.type:
            let renamed = try event.decode(EventEnvelope<ReservationOwnerRenamed>.self).data
            entries = entries.mapValues { entry in
                entry.reservation.userID == renamed.userID ? .init(reservation: entry.reservation, username: renamed.username) : entry
            }
        default: try applyToCalendar(event.decode())
        }
    }

    private mutating func applyToCalendar(_ event: CalendarEvent) {
        switch event {
        case .slotCreated(let created): slots[created.slot.id] = created.slot
        case .slotChanged(let changed): slots[changed.slot.id] = changed.slot
        case .slotRemoved(let removed): slots[removed.id] = nil
        case .occupancyChanged(let changed):
            slots[changed.timeSlotID] = slots[changed.timeSlotID]?.with(unitsFree: changed.unitsFree, capacity: changed.capacity)
        case .venueChanged(let changed): status = changed.status
        case .venueRemoved: (slots, entries) = ([:], [:])
        case .unknown: break
        }
    }
}

/// `personal:#<user>`: the own reservations.
struct PersonalView: LiveView {
    let channel: String
    var position: StreamPosition
    private var reservations: [Int64: ReservationDetail]

    static func read(of id: Int64, by user: TestUser) async throws -> PersonalView {
        var page = try await user.ownReservations("limit=100")
        let stream = page.stream
        var items = page.items
        while let cursor = page.nextCursor {
            page = try await user.ownReservations("limit=100&cursor=\(cursor)")
            items += page.items
        }
        let reservations = Dictionary(uniqueKeysWithValues: items.map { ($0.id, $0) })
        return PersonalView(channel: stream.channel, position: stream.position, reservations: reservations)
    }

    mutating func apply(_ event: RawJSON) throws {
        let reservation = try event.decode(EventEnvelope<Told>.self).data.reservation
        reservations[reservation.id] = reservation
    }
}

/// What all events about a reservation hold.
private struct Told: Codable, Sendable {
    let reservation: ReservationDetail
}
