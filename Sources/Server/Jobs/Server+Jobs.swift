import Booking
import Core
import Rooms
import Storage

extension Server {
    /// Who does which kind of job.
    static func jobHandlers(_ database: Database, _ timeZones: any TimeZones) -> JobHandlers {
        var handlers = JobHandlers()
        handlers.register(PruneStorage.self) { _ in
            try await database.prune()
            return { _ in }
        }
        handlers.register(ClearExpiredOccupations.self) { _ in
            try await Occupancy().clearExpired(in: database)
            return { _ in }
        }
        handlers.register(TellOfHold.self) { job in
            { tx in try HoldCountdown(occupancy: Occupancy()).tell(job, in: tx) }
        }
        handlers.register(ReleaseNoShow.self) { job in
            { tx in try NoShows(occupancy: Occupancy()).release(job, in: tx) }
        }
        handlers.register(ResolveSeries.self) { job in
            { tx in try SeriesResolution(occupancy: Occupancy(), timeZones: timeZones).goOn(job, in: tx) }
        }
        return handlers
    }
}
