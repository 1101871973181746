import Accounts
import Booking
import Core
import Recurrence
import Storage
import Wire

/// The rules of reservations that come again.
struct SeriesService: Sendable {
    let database: Database
    let occupancy: Occupancy
    let timeZones: any TimeZones

    /// - Throws: ``SeriesConflictError``, ``SeriesError``, ``RoomError``.
    func create(_ request: CreateSeries, in context: CallContext) async throws -> DatedSeries {
        let owner = try context.caller.signedIn().userID
        let rule = try RecurrenceRule(request.rule)
        return try await database.write(for: context) { tx in
            let (room, resource) = try tx.lockBookableRoom(request.roomId, for: owner, occupancy)
            let draft = SeriesDraft(
                roomId: room.id, owner: owner, title: request.title, description: request.description,
                isPrivate: request.isPrivate ?? false, startTime: request.startTime, durationMinutes: request.durationMinutes,
                timeZone: request.timeZone ?? room.timeZone, rule: rule
            )
            let plan = try SeriesPlan(draft, timeZones)
            let row = try tx.insertRoomSeries(draft)
            var change = SeriesUpdate(series: row.series, occupancy: occupancy, room: room, resource: resource)
            let dates = try plan.dates.map { try change.take($0, tx) }
            try change.settle(request.mode, dates)
            try tx.audit("room_series.created", "room_series:\(row.id)", after: row.series)
            return DatedSeries(series: row.series, dates: dates, gaps: plan.gaps, version: row.version)
        }
    }

    /// - Throws: ``SeriesError``, ``RoomError/unknown``.
    func report(_ request: ReportSeries, in context: CallContext) async throws -> SeriesReport {
        let rule = try RecurrenceRule(request.rule)
        return try await database.read { snapshot in
            guard let room = try snapshot.room(request.roomId), let resourceID = room.resourceID else { throw RoomError.unknown }
            let resource = try snapshot.resource(resourceID)
            let plan = try SeriesPlan(
                request.startTime, rule, minutes: request.durationMinutes, in: request.timeZone ?? room.timeZone, timeZones)
            let dates = try plan.dates.map { date in
                let standing = try snapshot.occupations(on: resource, overlapping: date.interval).map(\.interval)
                return standing.isEmpty ? SeriesDate(date, nil) : SeriesDate(date, nil, conflicts: standing)
            }
            return SeriesReport(isFree: dates.allSatisfy { $0.conflicts == nil }, dates: dates, gaps: plan.gaps)
        }
    }

    func listOwn(_ request: ListOwnSeries, in context: CallContext) async throws -> Listing<RoomSeries> {
        let caller = try context.caller.signedIn()
        let window = PageWindow(page: request.page, limit: request.limit, limitDefault: ListOwnSeries.limitDefault)
        return try await database.read { snapshot in
            let rows = try snapshot.roomSeries(of: caller.userID, limit: window.limit + 1, offset: window.offset)
            return Listing(rows.map(\.series), window)
        }
    }

    /// - Throws: ``SeriesError/notFound``, `AccessError.forbidden`.
    func read(_ request: ReadSeries, in context: CallContext) async throws -> DatedSeries {
        let caller = try context.caller.signedIn()
        return try await database.read { snapshot in
            guard let row = try snapshot.roomSeries(request.id) else { throw SeriesError.notFound }
            guard row.belongs(to: caller) else { throw AccessError.forbidden }
            let dates = try snapshot.roomReservations(inSeries: row.id).compactMap { reservation in
                reservation.local.map { SeriesDate(SeriesPlan.Date(local: $0, interval: reservation.interval), reservation.id) }
            }
            let gaps = try SeriesPlan(row.series.draft, timeZones).gaps
            return DatedSeries(series: row.series, dates: dates, gaps: gaps, version: row.version)
        }
    }

    /// - Throws: ``SeriesConflictError``, ``SeriesError``, ``RoomError/notAvailable``, `AccessError.forbidden`, `PreconditionError.failed`.
    func change(_ request: ChangeSeries, in context: CallContext) async throws -> DatedSeries {
        let newRule = try request.rule.map { try RecurrenceRule($0) }
        return try await database.write(for: context) { tx in
            let (before, room, resource) = try lockSeries(request.id, in: tx)
            let old = try SeriesPlan(before.series.draft, timeZones)
            let from = try Self.index(of: request.from, in: old, at: tx.now)

            var draft = before.series.draft
            draft.title = request.title ?? draft.title
            draft.description = request.description ?? draft.description
            draft.isPrivate = request.isPrivate ?? draft.isPrivate
            draft.durationMinutes = request.durationMinutes ?? draft.durationMinutes
            let first = from > 0 ? old.dates[from].local : draft.startTime
            draft.startTime = request.time.map { LocalDateTime(first.date, $0) } ?? first
            let shift = draft.startTime.secondsSinceEpoch - first.secondsSinceEpoch
            draft.rule = try newRule ?? draft.rule.remaining(after: from, shiftedBy: shift)
            let new = try SeriesPlan(draft, timeZones)
            let isMoved = shift != 0 || request.durationMinutes != nil || newRule != nil
            if isMoved, !room.isBookable { throw RoomError.notAvailable }

            let standing = try tx.roomReservations(inSeries: before.id).filter { reservation in
                reservation.interval.start > tx.now && (reservation.local.map { $0 >= first || from == 0 } ?? false)
            }
            let after: SeriesRow
            if from > 0 {
                var earlier = before.series.draft
                earlier.rule = try earlier.rule.ending(.until(old.dates[from].interval.start.advanced(bySeconds: -1)))
                _ = try tx.updateRoomSeries(before.id, earlier)
                after = try tx.insertRoomSeries(draft)
            } else {
                after = try tx.updateRoomSeries(before.id, draft)
            }
            var update = SeriesUpdate(series: after.series, occupancy: occupancy, room: room, resource: resource)
            let dates = try update.move(standing, from: old, to: new, shift: shift, request, tx)
            try update.settle(request.mode, dates)
            try tx.audit("room_series.changed", "room_series:\(before.id)", before: before.series, after: after.series)
            return DatedSeries(series: after.series, dates: dates, gaps: new.gaps, version: after.version)
        }
    }

    /// - Throws: ``SeriesError``, `AccessError.forbidden`, `PreconditionError.failed`.
    func cancel(_ request: CancelSeries, in context: CallContext) async throws -> NoContent {
        try await database.write(for: context) { tx in
            let (series, _, resource) = try lockSeries(request.id, in: tx)
            let old = try SeriesPlan(series.series.draft, timeZones)
            let from = try Self.index(of: request.from, in: old, at: tx.now)
            let coming = try tx.roomReservations(inSeries: series.id).filter { reservation in
                reservation.interval.start > tx.now && (reservation.local.map { from == 0 || $0 >= old.dates[from].local } ?? false)
            }
            try ReservationSteps(occupancy: occupancy).cancel(coming, on: resource, tx)
            if from > 0 {
                var earlier = series.series.draft
                earlier.rule = try earlier.rule.ending(.until(old.dates[from].interval.start.advanced(bySeconds: -1)))
                _ = try tx.updateRoomSeries(series.id, earlier)
            } else {
                try tx.markRoomSeriesCancelled(series.id)
            }
            try tx.audit("room_series.cancelled", "room_series:\(series.id)", before: series.series)
            return NoContent()
        }
    }

    /// What the caller is about to change, read again under the lock of its room.
    private func lockSeries(_ id: RoomSeries.ID, in tx: Transaction) throws -> (SeriesRow, RoomRow, Resource) {
        guard let candidate = try tx.roomSeries(id) else { throw SeriesError.notFound }
        guard try candidate.belongs(to: tx.context.caller.signedIn()) else { throw AccessError.forbidden }
        guard let resourceID = try tx.room(candidate.series.roomId)?.resourceID,
            let resource = try occupancy.lock(resourceID, for: candidate.series.userId, in: tx),
            let room = try tx.room(candidate.series.roomId), let found = try tx.roomSeries(id)
        else { throw SeriesError.notFound }
        try tx.context.require(found.version)
        return (found, room, resource)
    }

    /// The place of a date among those of the series; 0 for none.
    private static func index(of date: LocalDateTime?, in plan: SeriesPlan, at now: Instant) throws -> Int {
        guard let date else { return 0 }
        guard let index = plan.dates.firstIndex(where: { $0.local == date }) else { throw SeriesError.unknownDate }
        guard plan.dates[index].interval.start > now else { throw SeriesError.hasBegun }
        return index
    }
}

extension SeriesRow {
    /// Whether somebody may know all of it, and change it.
    func belongs(to caller: SignedInCaller) -> Bool { series.userId == caller.userID || caller.role.isAdministrator }
}

extension RoomSeries {
    var draft: SeriesDraft {
        SeriesDraft(
            roomId: roomId, owner: userId, title: title, description: description, isPrivate: isPrivate, startTime: startTime,
            durationMinutes: durationMinutes, timeZone: timeZone, rule: rule
        )
    }
}

extension RecurrenceRule {
    /// What is left of a rule after its first dates, when the others begin so many seconds later: an end that is named by its time moves
    /// along.
    fileprivate func remaining(after count: Int, shiftedBy seconds: Int64) throws -> RecurrenceRule {
        switch end {
        case .never: self
        case .count(let total): try ending(.count(total - count))
        case .until(let last): try ending(.until(last.advanced(bySeconds: seconds)))
        }
    }
}
