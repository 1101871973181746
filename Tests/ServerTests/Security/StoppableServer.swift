import Foundation
import Logging
import Server
import ServerTesting

/// A server that the test itself stops, configured as in production but for its place.
struct StoppableServer: Sendable {
    let port: Int
    /// Begins the end; returns at once.
    let stop: Server.Stop

    /// Runs the body and waits until the server has ended, which the body has to see to.
    ///
    /// - Returns: how long after the body's end that was, and what was logged.
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

        let took = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { started.finish() }
                try await server.run(signals: []) { start, stop in started.yield(StoppableServer(port: start.port, stop: stop)) }
            }
            for await running in starts.prefix(1) {
                do {
                    try await body(running)
                } catch {
                    await running.stop()
                    throw error
                }
            }
            let clock = ContinuousClock.now
            try await group.waitForAll()
            return ContinuousClock.now - clock
        }
        return (took, logs)
    }
}
