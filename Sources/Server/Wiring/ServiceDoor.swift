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
    /// Calls operations of the API for whoever asks.
    let operations: any EndpointCaller
    /// In whose name those call who bring the key; nil where there is nobody.
    let serviceCaller: @Sendable () async throws -> SignedInCaller?

    var endpoint: PlainEndpoint {
        api.endpoint(at: Self.prefix) { fields in await client(fields) }
    }

    static func options(of channel: String) -> ChannelOptions? {
        let namespace = String(ChannelName.namespace(of: channel))
        guard namespaces.contains(namespace), channel.utf8.count <= ChannelName.bytesMax, channel != namespace else { return nil }
        return AccountAccess.namespaces[namespace] ?? .log
    }

    private func client(_ fields: HTTPFields) async -> APIClient? {
        if key?.opens(fields) == true { return service }
        guard let parts = fields[.authorization]?.split(separator: " ", maxSplits: 1), parts.count == 2, parts[0].lowercased() == "bearer",
            let caller = try? await authenticator.authenticate(token: String(parts[1]))
        else { return nil }
        guard caller.role == .superadmin, !caller.mustChangePassword else { return nil }
        return APIClient { [operations] method, data async throws(ProtocolError) in
            try await operations.call(caller, method: method, data: data)
        }
    }

    /// Rules and the audit trail know people alone, so a key acts for one.
    private var service: APIClient {
        APIClient { [operations, serviceCaller] method, data async throws(ProtocolError) in
            let caller: SignedInCaller?
            do {
                caller = try await serviceCaller()
            } catch {
                throw .internalError
            }
            guard let caller else { throw .permissionDenied }
            return try await operations.call(caller, method: method, data: data)
        }
    }
}
