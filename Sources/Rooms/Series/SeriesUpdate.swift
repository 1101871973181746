import Booking
import Core
import Storage
import Wire

/// The reservations of one series while a transaction makes, moves or cancels them.
struct SeriesUpdate {
    let series: RoomSeries
    private let steps: ReservationSteps
    private let room: RoomRow
    private var resource: Resource
    private var hasTaken = false

    /// - Parameter resource: that of the room, locked in this transaction.
    init(series: RoomSeries, occupancy: Occupancy, room: RoomRow, resource: Resource) {
        self.series = series
        steps = ReservationSteps(occupancy: occupancy)
        self.room = room
        self.resource = resource
    }

    /// Takes one date, unless something is in the way.
    mutating func take(_ date: SeriesPlan.Date, _ tx: Transaction) throws -> SeriesDate {
        let standing = try standing(at: date.interval, except: nil, tx)
        guard standing.isEmpty else { return SeriesDate(date, nil, conflicts: standing) }
        let draft = ReservationDraft(
            owner: series.userId, title: series.title, description: series.description, isPrivate: series.isPrivate,
            interval: date.interval, date: SeriesMembership(series: series.id, local: date.local)
        )
        let reservation = try steps.begin(draft, in: room, on: resource, tx)
        try noteLength(tx)
        return SeriesDate(date, reservation.id)
    }

    /// Brings reservations that stand to where the series has them now. Those that were changed one by one stay as they are.
    ///
    /// - Parameters:
    ///   - old: the dates so far, by whose names the reservations are known; `shift` is how many seconds later the same dates are now.
    /// - Returns: every date that was touched or can't be had, in order.
    mutating func move(
        _ standing: [ReservationRow], from old: SeriesPlan, to new: SeriesPlan, shift: Int64, _ request: ChangeSeries, _ tx: Transaction
    ) throws -> [SeriesDate] {
        let wanted = Dictionary(new.dates.map { ($0.local, $0) }) { first, _ in first }
        let named = standing.compactMap { row in row.local.map { (row, $0.advanced(bySeconds: shift)) } }
        try steps.cancel(named.filter { !$0.isException && wanted[$1] == nil }.map(\.0), on: resource, tx)

        var dates: [SeriesDate] = []
        // The one in front makes room for the one behind it.
        for (reservation, local) in shift > 0 ? named.reversed() : named {
            if reservation.isException {
                dates.append(try stay(reservation, as: local, isInTime: wanted[local]?.interval == reservation.interval, tx))
            } else if let date = wanted[local] {
                dates.append(try move(reservation, to: date, request, tx))
            }
        }
        if request.rule != nil {
            // A date that the series had before and that was cancelled by itself does not come back.
            let known = Set(old.dates.map { $0.local.advanced(bySeconds: shift) })
            for date in new.dates where date.interval.start > tx.now && !known.contains(date.local) { dates.append(try take(date, tx)) }
        }
        return dates.sorted { $0.date < $1.date }
    }

    /// - Throws: ``SeriesConflictError`` where it was to be all or nothing and something is in the way.
    func settle(_ mode: SeriesMode?, _ dates: [SeriesDate]) throws {
        guard mode != .skip else { return }
        let conflicts = dates.filter { $0.conflicts != nil }
        guard conflicts.isEmpty else {
            throw SeriesConflictError(intervals: conflicts.map { Interval(start: $0.startTime.instant, end: $0.endTime.instant) })
        }
    }

    private mutating func move(
        _ reservation: ReservationRow, to date: SeriesPlan.Date, _ request: ChangeSeries, _ tx: Transaction
    ) throws -> SeriesDate {
        let isMoved = date.interval != reservation.interval
        let standing = isMoved ? try standing(at: date.interval, except: reservation.occupationID, tx) : []
        let change = ReservationChange(
            title: request.title, description: request.description, isPrivate: request.isPrivate,
            interval: standing.isEmpty ? date.interval : reservation.interval,
            date: SeriesMembership(series: series.id, local: date.local), isException: standing.isEmpty ? nil : true,
            hasOwnTime: standing.isEmpty ? nil : true
        )
        _ = try steps.change(reservation, change, in: room, on: resource, tx)
        if isMoved { try noteLength(tx) }
        return standing.isEmpty ? SeriesDate(date, reservation.id) : SeriesDate(date, reservation.id, conflicts: standing)
    }

    /// What was changed by itself keeps that, under the name that the series has for it now.
    private func stay(_ reservation: ReservationRow, as local: LocalDateTime, isInTime: Bool, _ tx: Transaction) throws -> SeriesDate {
        let change = ReservationChange(
            interval: reservation.interval, date: SeriesMembership(series: series.id, local: local), hasOwnTime: isInTime ? nil : true
        )
        let stayed = try steps.change(reservation, change, in: room, on: resource, tx)
        return SeriesDate(SeriesPlan.Date(local: local, interval: stayed.interval), stayed.id)
    }

    private func standing(at interval: Interval, except own: Occupation.ID?, _ tx: Transaction) throws -> [Interval] {
        try tx.occupations(on: resource, overlapping: interval).filter { $0.id != own }.map(\.interval)
    }

    /// A search for overlaps looks back as far as the longest stay there was: the first of these may be it.
    private mutating func noteLength(_ tx: Transaction) throws {
        guard !hasTaken else { return }
        resource = try tx.resource(resource.id)
        hasTaken = true
    }
}
