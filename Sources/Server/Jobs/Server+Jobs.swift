import Booking
import Storage

extension Server {
    /// Who does which kind of job.
    static func jobHandlers(_ database: Database) -> JobHandlers {
        var handlers = JobHandlers()
        handlers.register(PruneStorage.self) { _ in
            try await database.prune()
            return { _ in }
        }
        handlers.register(ClearExpiredOccupations.self) { _ in
            try await Occupancy().clearExpired(in: database)
            return { _ in }
        }
        return handlers
    }
}
