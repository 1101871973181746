import Core
import Engine
import Gateway
import HTTPTypes
import Realtime
import Wire

/// The server API of `ringside serve`, for other services of the house: open to the service key and to superadmins.
struct ServiceDoor: Sendable {
    static let prefix = "/realtime/api"

    /// Where services may publish and look; `system` is the server's own.
    private static let namespaces: Set<String> = [
        "calendar", "ops", "schedule", "personal", "chat", "chat-live", "support", "feedback", "occupancy",
    ]

    let api: ServerAPI
    let key: APIKey?
    let authenticator: any Authenticator

    var endpoint: PlainEndpoint {
        api.endpoint(at: Self.prefix) { fields in await admits(fields) }
    }

    static func options(of channel: String) -> ChannelOptions? {
        let namespace = String(ChannelName.namespace(of: channel))
        guard namespaces.contains(namespace), channel.utf8.count <= ChannelName.bytesMax, channel != namespace else { return nil }
        return AccountAccess.namespaces[namespace] ?? .log
    }

    private func admits(_ fields: HTTPFields) async -> Bool {
        if key?.opens(fields) == true { return true }
        guard let parts = fields[.authorization]?.split(separator: " ", maxSplits: 1), parts.count == 2, parts[0].lowercased() == "bearer",
            let caller = try? await authenticator.authenticate(token: String(parts[1]))
        else { return false }
        return caller.role == .superadmin && !caller.mustChangePassword
    }
}
