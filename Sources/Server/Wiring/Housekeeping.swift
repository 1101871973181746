import Logging
import NIOCore
import ServiceLifecycle
import Storage

/// Prunes what is past its age, now and then. What has been pruned never counted any more; only room is won.
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
            try await database.prune()
        } catch {
            logger.error("pruning failed", metadata: ["error": "\(error)"])
        }
    }
}
