/// Where a server that was started for a demo alone can be reached, and by whom.
struct DemoEnvironment: Sendable {
    let port: Int
    let adminUsername: String
    let adminPassword: String
}
