import Accounts
import Foundation
import Server

/// The real server on a free port with a fresh database, for as long as a demo takes. Its passwords are hashed at next to no cost.
enum DemoServer {
    private static let adminUsername = "admin"

    /// - Parameter directory: where the database lies; the caller removes it.
    static func run<Result: Sendable>(
        in directory: URL, _ body: @escaping @Sendable (DemoEnvironment) async throws -> Result
    ) async throws -> Result {
        let database = "sqlite://\(directory.appending(path: "demo.sqlite").path)"
        return try await run(on: database, adminPassword: "Demo-\(UUID().uuidString)", body)
    }

    /// - Parameter database: `sqlite://` or `postgres://`; the caller removes it.
    static func run<Result: Sendable>(
        on database: String, adminPassword: String, _ body: @escaping @Sendable (DemoEnvironment) async throws -> Result
    ) async throws -> Result {
        var configuration = try Configuration(
            ServeOptions(port: "0", roomsPort: "off", database: database, logLevel: "error"),
            environment: [
                "RINGSIDE_ADMIN_USERNAME": adminUsername, "RINGSIDE_ADMIN_PASSWORD": adminPassword, "RINGSIDE_DRAIN_SECONDS": "0",
            ]
        )
        // Hundreds of members sign up in a moment, and the database is gone with the demo.
        configuration.passwordCost = .minimal
        return try await Server(configuration).serve { started in
            try await body(DemoEnvironment(port: started.port, adminUsername: adminUsername, adminPassword: adminPassword))
        }
    }
}
