import Client
import Core
import NIOCore
import Wire

/// Somebody who has signed in, with the two ways to the server.
public struct TestUser: Sendable {
    public let id: Int64
    public let username: String
    public let signIn: Client.SignIn
    public let rest: RESTClient
    let port: Int

    public var token: String { signIn.accessToken }

    /// Opens a live connection in the user's name.
    public func connect(since positions: [String: StreamPosition] = [:]) async throws -> LiveConnection {
        try await LiveConnection.connect(port: port, token: token, positions: positions)
    }

    /// Follows a channel from now on.
    public func watch(_ channel: some Wire.Channel) async throws -> Watch {
        let connection = try await connect()
        let subscription = try await connection.subscribe(channel.name)
        return Watch(connection: connection, channel: channel.name, subscription: subscription)
    }
}
