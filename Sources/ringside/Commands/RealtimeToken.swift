import ArgumentParser
import Engine
import Foundation
import Wire

/// Prints a connection token for the engine alone, to try it out.
struct RealtimeToken: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "realtime-token", abstract: "Print a connection token for `ringside realtime`, to try it out."
    )

    @Option(help: "The configuration file with the secret.") var config: String
    @Option(help: "Whom the token names; nobody when empty.") var user = ""
    @Option(help: "Seconds until it expires; 0 for never.") var ttl: Int64 = 3_600
    @Option(help: "The channel of a subscription token; without it the token is for a connection.") var channel: String?

    private struct Claims: Encodable {
        let sub: String
        let channel: String?
        let exp: Int64?
    }

    func run() async throws {
        let configuration = try EngineConfiguration(json: Data(contentsOf: URL(filePath: config)))
        let rules = channel == nil ? configuration.client.token : configuration.client.subscriptionToken ?? configuration.client.token
        guard !rules.secret.isEmpty else { throw ValidationError("The configuration has no secret for tokens.") }
        let expiry = ttl > 0 ? Int64(Date().timeIntervalSince1970) + ttl : nil
        let claims = try RawJSON(encoding: Claims(sub: user, channel: channel, exp: expiry))
        print(TokenIssuer(secret: rules.secret).token(claims))
    }
}
