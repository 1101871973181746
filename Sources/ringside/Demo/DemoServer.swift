import Accounts
import Foundation
import Server

/// The real server on a free port with a fresh database, for as long as a demo takes.
enum DemoServer {
    private static let adminUsername = "admin"

    /// - Parameter directory: where the database lies; the caller removes it.
    static func run<Result: Sendable>(
        in directory: URL, _ body: @escaping @Sendable (DemoEnvironment) async throws -> Result
    ) async throws -> Result {
        let adminPassword = "Demo-\(UUID().uuidString)"
        var configuration = try Configuration(
            ServeOptions(port: "0", database: "sqlite://\(directory.appending(path: "demo.sqlite").path)", logLevel: "error"),
            environment: [
                "RINGSIDE_ADMIN_USERNAME": adminUsername, "RINGSIDE_ADMIN_PASSWORD": adminPassword, "RINGSIDE_DRAIN_SECONDS": "0",
            ]
        )
        // Hundreds of members sign up in a moment, and the database is gone with the demo.
        configuration.passwordCost = .minimal
        let server = Server(configuration)
        let (starts, started) = AsyncStream<(Int, Server.Stop)>.makeStream(bufferingPolicy: .bufferingNewest(1))

        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { started.finish() }
                try await server.run(signals: []) { start, stop in started.yield((start.port, stop)) }
            }
            var iterator = starts.makeAsyncIterator()
            guard let (port, stop) = await iterator.next() else {
                try await group.waitForAll()
                throw CancellationError()
            }
            let result: Swift.Result<Result, any Error>
            do {
                result = .success(
                    try await body(DemoEnvironment(port: port, adminUsername: adminUsername, adminPassword: adminPassword))
                )
            } catch {
                result = .failure(error)
            }
            await stop()
            try await group.waitForAll()
            return try result.get()
        }
    }
}
