import Booking
import Core
import Recurrence
import Storage
import Wire

/// Brings the dates to come of every series to where the wall clock has them, after another release of the time zone data. One step after
/// the other: each is a commit that names the next.
public struct ResolveSeries: JobKind {
    public static let kind = "rooms.resolve-series"
    static let key = "time_zones:series"

    /// Which dates a step looks at, in the order in which they make room for each other.
    enum Pass: String, Codable {
        /// What becomes later, the last first.
        case later
        /// What becomes earlier, the first first.
        case earlier
        /// What could not move, once more; then it is reported.
        case rest

        var next: Pass? {
            switch self {
            case .later: .earlier
            case .earlier: .rest
            case .rest: nil
            }
        }

        var isAscending: Bool { self == .earlier }
    }

    /// The release that the dates are found with.
    let tzdata: String
    /// The first where absent.
    var roomID: Int64?
    /// The first where absent.
    var pass: Pass?
    /// The date that the step before ended with.
    var last: SeriesDatePlace?
}

/// The place of a date among those of its room.
struct SeriesDatePlace: Codable, Hashable, Sendable {
    let startsAt: Instant
    let reservationID: Int64
}

/// This server has another release of the time zone data than the one that the dates shall be found with. Another node may have it.
struct OtherTimeZoneRelease: Error {}

/// Keeps series at their wall times when a government changes its clocks. What the clock says was agreed on, not the instant that this meant
/// by the rules of the day.
public struct SeriesResolution: Sendable {
    /// Where the database says which release its dates were, or are being, found with.
    static let setting = "tzdata.series"
    /// Dates that one commit looks at.
    static let datesMax = 100

    private let occupancy: Occupancy
    private let timeZones: any TimeZones

    public init(occupancy: Occupancy, timeZones: any TimeZones) {
        self.occupancy = occupancy
        self.timeZones = timeZones
    }

    /// Called at the start of a server: has the dates found anew where this server has another release than the database was last told of. Data
    /// that does not say its release may be another each time.
    ///
    /// - Throws: `StorageError`, `DatabaseUnavailable`.
    public func begin(in database: Database) async throws {
        let context = CallContext(caller: .anonymous, transport: .system, requestID: "time-zones")
        try await database.writeUnrecorded(by: context) { tx in
            try tx.lock(name: Self.setting)
            let isKnown = try tx.setting(Self.setting) == timeZones.version && timeZones.saysItsVersion
            guard !isKnown else { return }
            try tx.storeSetting(Self.setting, timeZones.version)
            guard try tx.nextRoomWithSeries(after: nil) != nil else { return }
            try tx.enqueue(ResolveSeries(tzdata: timeZones.version), key: ResolveSeries.key)
        }
    }

    /// What one step writes.
    ///
    /// - Throws: ``OtherTimeZoneRelease``, `StorageError`.
    public func goOn(_ job: ResolveSeries, in tx: Transaction) throws {
        guard job.tzdata == timeZones.version else { throw OtherTimeZoneRelease() }
        guard let room = try job.roomID.map({ Room.ID($0) }) ?? tx.nextRoomWithSeries(after: nil) else { return }
        let pass = job.pass ?? .later
        let last = try resolve(room, pass, after: job.last, tx)
        var next = ResolveSeries(tzdata: job.tzdata, roomID: room.rawValue, pass: pass, last: last)
        if last == nil {
            next.pass = pass.next
            if next.pass == nil {
                guard let other = try tx.nextRoomWithSeries(after: room) else { return }
                next.roomID = other.rawValue
            }
        }
        try tx.enqueue(next, key: ResolveSeries.key)
    }

    /// - Returns: the last date that was looked at; nil where no more can follow.
    private func resolve(
        _ id: Room.ID, _ pass: ResolveSeries.Pass, after last: SeriesDatePlace?, _ tx: Transaction
    ) throws -> SeriesDatePlace? {
        // A room that is gone has no dates to come.
        guard let resourceID = try tx.room(id)?.resourceID, let resource = try occupancy.lock(resourceID, for: nil, in: tx),
            let room = try tx.room(id)
        else { return nil }
        let rows = try tx.comingSeriesDates(in: id, after: last, isAscending: pass.isAscending, limit: Self.datesMax)
        let series = try tx.roomSeries(Set(rows.compactMap(\.detail.seriesID)))
        for row in rows {
            guard let date = SeriesDateResolution(row, of: series, timeZones) else { continue }
            try extend(date.series, to: date.meant, tx)
            guard date.moves(in: pass) else { continue }
            let standing = try tx.occupations(on: resource, overlapping: date.meant).filter { $0.id != row.occupationID }
            if standing.isEmpty {
                let change = ReservationChange(interval: date.meant, tzdata: timeZones.version)
                _ = try ReservationSteps(occupancy: occupancy).change(row, change, in: room, on: resource, tx)
            } else if pass == .rest {
                try report(row, meaning: date.meant, tx)
            }
        }
        guard rows.count == Self.datesMax, let last = rows.last else { return nil }
        return SeriesDatePlace(startsAt: last.interval.start, reservationID: last.detail.id)
    }

    /// An end that the rule names by its instant goes with the date that it ends with: else the series would not know it any more.
    private func extend(_ row: SeriesRow, to date: Interval, _ tx: Transaction) throws {
        guard case .until(let end) = row.series.rule.end, date.start > end, let before = try tx.roomSeries(row.id),
            case .until(let end) = before.series.rule.end, date.start > end
        else { return }
        var draft = before.series.draft
        draft.rule = try draft.rule.ending(.until(date.start))
        let after = try tx.updateRoomSeries(row.id, draft)
        try tx.audit("room_series.changed", "room_series:\(row.id)", before: before.series, after: after.series)
    }

    private func report(_ row: ReservationRow, meaning meant: Interval, _ tx: Transaction) throws {
        let detail = row.detail
        let notMoved = RoomReservationNotMoved(
            reservation: detail, meantStartsAt: meant.start, meantEndsAt: meant.end, tzdata: timeZones.version)
        try tx.emit(notMoved, to: PersonalChannel(user: detail.userID), RoomOperations(room: detail.roomID))
        try tx.audit("room_reservation.not_moved", "room_reservation:\(detail.id)", before: detail, after: meant)
    }
}

/// A date that stands, and where the wall clock of its series has it now.
private struct SeriesDateResolution {
    let reservation: ReservationRow
    let series: SeriesRow
    let meant: Interval

    /// Nil where the zone is no longer known: nobody can say then.
    init?(_ reservation: ReservationRow, of series: [RoomSeries.ID: SeriesRow], _ timeZones: any TimeZones) {
        guard let id = reservation.detail.seriesID, let row = series[RoomSeries.ID(id)], let local = reservation.local,
            let rules = try? timeZones.rules(of: row.series.timeZone), let start = try? rules.instant(of: local, onGap: .shift)
        else { return nil }
        self.reservation = reservation
        self.series = row
        meant = Interval(start: start, end: start.advanced(bySeconds: Int64(row.series.durationMinutes) * 60))
    }

    func moves(in pass: ResolveSeries.Pass) -> Bool {
        switch pass {
        case .later: meant.start > reservation.interval.start
        case .earlier: meant.start < reservation.interval.start
        case .rest: meant != reservation.interval
        }
    }
}
