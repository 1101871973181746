import Booking
import Logging
import NIOCore
import ServiceLifecycle
import Storage

/// Clears what has expired and prunes what is past its age, now and then. Neither counted any more: the watchers hear of the one, and the
/// other wins room.
struct Housekeeping: Service {
    static let intervalMinutes: Int64 = 10

    let database: Database
    let eventLoop: any EventLoop
    let logger: Logger

    func run() async throws {
        let task = eventLoop.scheduleRepeatedAsyncTask(
            initialDelay: .minutes(Self.intervalMinutes), delay: .minutes(Self.intervalMinutes)
        ) { _ in
            eventLoop.makeFutureWithTask { await prune() }
        }
        try? await gracefulShutdown()
        let stopped = eventLoop.makePromise(of: Void.self)
        task.cancel(promise: stopped)
        try await stopped.futureResult.get()
    }

    private func prune() async {
        do {
            try await Occupancy().clearExpired(in: database)
            try await database.prune()
        } catch {
            logger.error("housekeeping failed", metadata: ["error": "\(error)"])
        }
    }
}
