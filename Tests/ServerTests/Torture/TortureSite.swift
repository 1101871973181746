import Client
import Gym
import ServerTesting

/// Venues and an administrator on a database that serving processes then open, one after the other.
struct TortureSite: Sendable {
    /// What the serving processes need where one person has thousands of connections.
    static let crowdSettings = [
        "RINGSIDE_CONNECTIONS_PER_USER_MAX": "100000", "RINGSIDE_LOG_LEVEL": "warning",
        "RINGSIDE_COMMANDS_PER_SECOND": "100000", "RINGSIDE_USER_COMMANDS_PER_SECOND": "100000",
    ]

    let token: String
    let venues: [Venue]

    var channels: [String] { Newsroom.channels(of: venues) }

    /// By the machine's clock, as the servers that come next go by it.
    static func prepare(in directory: TestDirectory, venues count: Int) async throws -> TortureSite {
        try await TestServer.run(in: directory, time: .startingNow) { server in
            var venues: [Venue] = []
            for _ in 0..<count { venues.append(try await server.venue()) }
            return TortureSite(token: server.admin.token, venues: venues)
        }
    }

    /// Somebody to publish at a server, for as long as the body takes.
    func withNewsroom<Result>(at port: Int, _ body: (Newsroom) async throws -> Result) async throws -> Result {
        try await RESTClient.run(port: port, token: token) { rest in try await body(Newsroom(venues, rest: rest)) }
    }

    func connect(to port: Int) async throws -> LiveConnection {
        try await LiveConnection.connect(port: port, token: token)
    }
}
