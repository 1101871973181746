import Client
import Core
import Rooms
import ServerTesting
import Wire

private let days = "span=week&date=2026-07-02"

/// `calendar:room:<id>`: when a room is taken in the week of the tests.
struct TimelineView: LiveView {
    let channel: String
    var position: StreamPosition
    private var occupations: RoomOccupations

    static func read(of id: Int64, by user: TestUser) async throws -> TimelineView {
        let timeline: RoomTimeline = try await user.meet("GET", "/rooms/\(id)/timeline?\(days)").payload()
        return TimelineView(
            channel: timeline.stream.channel, position: timeline.stream.position,
            occupations: RoomOccupations(
                interval: Interval(start: timeline.startTime.instant, end: timeline.endTime.instant), status: timeline.status.rawValue,
                isActive: timeline.isActive, timeline.occupations
            )
        )
    }

    mutating func apply(_ event: RawJSON) throws { try occupations.apply(event) }
}

/// `ops:room:<id>`: the same with the reservations and their people.
struct RoomOperationsView: LiveView {
    let channel: String
    var position: StreamPosition
    private var occupations: RoomOccupations
    private var entries: [Int64: RoomOperationsTimeline.Entry]

    static func read(of id: Int64, by user: TestUser) async throws -> RoomOperationsView {
        let timeline: RoomOperationsTimeline = try await user.meet("GET", "/rooms/\(id)/operations?\(days)").payload()
        return RoomOperationsView(
            channel: timeline.stream.channel, position: timeline.stream.position,
            occupations: RoomOccupations(
                interval: Interval(start: timeline.startTime.instant, end: timeline.endTime.instant), status: timeline.status.rawValue,
                isActive: timeline.isActive, timeline.occupations
            ),
            entries: Dictionary(uniqueKeysWithValues: timeline.reservations.map { ($0.reservation.id, $0) })
        )
    }

    mutating func apply(_ event: RawJSON) throws {
        switch try event.decode(EventHead.self).type {
        case RoomReservationCreated.type, RoomReservationChanged.type:
            let entry = try event.decode(EventEnvelope<RoomOperationsTimeline.Entry>.self).data
            entries[entry.reservation.id] = occupations.shows(entry.reservation) ? entry : nil
        case RoomReservationCancelled.type: entries[try event.decode(EventEnvelope<RoomReservationCancelled>.self).data.id] = nil
        case ReservationOwnerRenamed.type:
            let renamed = try event.decode(EventEnvelope<ReservationOwnerRenamed>.self).data
            entries = entries.mapValues { entry in
                entry.reservation.userID == renamed.userID ? .init(reservation: entry.reservation, username: renamed.username) : entry
            }
        default: try occupations.apply(event)
        }
    }
}

/// `personal:#<user>`: one's own reservations of rooms.
struct AgendaView: LiveView {
    let channel: String
    var position: StreamPosition
    private var reservations: [Int64: RoomReservationDetail]

    static func read(of id: Int64, by user: TestUser) async throws -> AgendaView {
        let agenda: Agenda = try await user.meet("GET", "/agenda?startTime=2026-06-01T00:00:00Z&endTime=2026-08-01T00:00:00Z").payload()
        return AgendaView(
            channel: agenda.stream.channel, position: agenda.stream.position,
            reservations: Dictionary(uniqueKeysWithValues: agenda.reservations.map { ($0.id, $0) })
        )
    }

    mutating func apply(_ event: RawJSON) throws {
        switch try event.decode(EventHead.self).type {
        case RoomReservationCreated.type, RoomReservationChanged.type:
            let told = try event.decode(EventEnvelope<RoomReservationCreated>.self).data.reservation
            reservations[told.id] = told
        case RoomReservationCancelled.type: reservations[try event.decode(EventEnvelope<RoomReservationCancelled>.self).data.id] = nil
        default: break
        }
    }
}

/// What every view of a room keeps. Time that is taken outside of its days is not its to keep.
private struct RoomOccupations: Equatable {
    let interval: Interval
    private var status: String
    private var isActive: Bool
    private var occupations: [Int64: CalendarOccupation]

    init(interval: Interval, status: String, isActive: Bool, _ occupations: [CalendarOccupation]) {
        self.interval = interval
        self.status = status
        self.isActive = isActive
        self.occupations = Dictionary(uniqueKeysWithValues: occupations.map { ($0.id, $0) })
    }

    func shows(_ reservation: RoomReservationDetail) -> Bool {
        interval.overlaps(Interval(start: reservation.startsAt, end: reservation.endsAt))
    }

    mutating func apply(_ event: RawJSON) throws {
        switch try event.decode(EventHead.self).type {
        case OccupationTaken.type, OccupationChanged.type:
            let told = try event.decode(EventEnvelope<OccupationTaken>.self).data.occupation
            occupations[told.id] = interval.overlaps(Interval(start: told.startsAt, end: told.endsAt)) ? told : nil
        case OccupationFreed.type: occupations[try event.decode(EventEnvelope<OccupationFreed>.self).data.id] = nil
        case RoomChanged.type:
            let changed = try event.decode(EventEnvelope<RoomChanged>.self).data
            (status, isActive) = (changed.status, changed.isActive)
        default: break
        }
    }
}
