/// A server that was started for a demo alone.
struct DemoEnvironment: Sendable {
    let port: Int
    let adminUsername: String
    let adminPassword: String
    /// Drains the server and closes its database.
    let stop: @Sendable () async throws -> Void
}
