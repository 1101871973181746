import Client
import Wire

extension [CalendarWatcher] {
    /// Waits until all watch.
    ///
    /// - Throws: ``ClubPlay/Failure/watchersNotSubscribed(_:)``.
    func gather(_ progress: @escaping ClubPlay.Progress) async throws {
        let meter = ProgressMeter("watchers", of: count, progress)
        let present = try await concurrently(count, width: count) { index in
            let isPresent = await self[index].isSubscribed()
            meter.advance()
            return isPresent
        }
        let absent = present.count { !$0 }
        guard absent == 0 else { throw ClubPlay.Failure.watchersNotSubscribed(absent) }
    }

    /// How many replicas equal a fresh snapshot once their watchers have heard of everything that it holds.
    ///
    /// - Parameters:
    ///   - venues: the ids, in the order that the watchers know them by.
    ///   - width: requests at a time.
    /// - Throws: `Problem`, errors of sockets.
    func countEqual(
        to rest: RESTClient, venues: [Int64], days: ClosedRange<LocalDate>, width: Int, _ progress: @escaping ClubPlay.Progress
    ) async throws -> Int {
        let snapshots = try await concurrently(venues.count, width: width) { index in
            try await rest.wholeCalendar(venue: venues[index], days: days)
        }
        let fresh = snapshots.map(CalendarReplica.init)
        let meter = ProgressMeter("replicas", of: count, progress)
        let areEqual = try await concurrently(count, width: count) { index in
            let watcher = self[index]
            let hasAll = await watcher.hasReached(snapshots[watcher.venue].stream.offset)
            meter.advance()
            return hasAll && watcher.replica == fresh[watcher.venue]
        }
        return areEqual.count { $0 }
    }
}
