import Foundation
import Logging
import Server
import ServerTesting
import Synchronization

/// A server that the test itself stops, configured as in production but for its place.
struct StoppableServer: Sendable {
    let port: Int
    /// Begins the end; returns at once.
    let stop: Server.Stop

    /// Runs the body and waits until the server has ended, which the body has to see to.
    ///
    /// - Returns: how long that was after the stop, and what was logged.
    static func run(_ body: @escaping @Sendable (StoppableServer) async throws -> Void) async throws -> (Duration, LogLedger) {
        let directory = try TestDirectory()
        defer { directory.remove() }
        let logs = LogLedger()
        var configuration = try Configuration(
            ServeOptions(port: "0", roomsPort: "off", database: directory.databaseURL, loops: "2"),
            environment: ["RINGSIDE_ADMIN_USERNAME": TestServer.adminName, "RINGSIDE_ADMIN_PASSWORD": TestServer.adminPassword]
        )
        configuration.passwordCost = .minimal
        let server = Server(configuration, logger: logs.logger)
        let (starts, started) = AsyncStream<StoppableServer>.makeStream(bufferingPolicy: .bufferingNewest(1))

        let stopped = StopInstant()
        let took = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { started.finish() }
                try await server.run(signals: []) { start, stop in
                    let server = StoppableServer(port: start.port) {
                        stopped.note()
                        await stop()
                    }
                    started.yield(server)
                }
            }
            for await running in starts.prefix(1) {
                do {
                    try await body(running)
                } catch {
                    await running.stop()
                    throw error
                }
            }
            try await group.waitForAll()
            return stopped.elapsed
        }
        return (took, logs)
    }
}

/// When the server was asked to stop.
private final class StopInstant: Sendable {
    private let instant = Mutex(ContinuousClock.now)

    func note() { instant.withLock { $0 = .now } }

    var elapsed: Duration { instant.withLock { ContinuousClock.now - $0 } }
}
