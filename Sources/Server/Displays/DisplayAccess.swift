import Core
import Logging
import Realtime
import Rooms
import Wire

/// Lets the displays at the doors of meeting rooms in beside those who have signed in: with the secret of its link as a token, each hears the
/// one channel of its room and can do nothing else.
struct DisplayAccess: SessionAccess {
    /// Begins a token that is the secret of a display.
    private static let tokenPrefix = "display."
    private static let userPrefix = "display:"
    /// How soon a display has to show its secret again: a link that is revoked while a connection begins ends that at the latest then.
    private static let lifeSeconds: Int64 = 300

    let accounts: AccountAccess
    let displays: RoomDisplays
    let time: any TimeSource
    let logger: Logger

    /// The name under which the connections of a link are known.
    static func user(_ displayID: Int64) -> String { "\(userPrefix)\(displayID)" }

    func connect(_ request: ConnectRequest, from source: ConnectionSource) async throws(AccessRefusal) -> Principal {
        guard let secret = Self.secret(request.token) else { return try await accounts.connect(request, from: source) }
        let opening = try await open(secret)
        return principal(opening, channels: [opening.channel: ChannelGrant(options: .log)])
    }

    func refresh(_ principal: Principal, token: String) async throws(AccessRefusal) -> Principal {
        guard Self.isDisplay(principal) else { return try await accounts.refresh(principal, token: token) }
        guard let secret = Self.secret(token) else { throw .close(.invalidToken) }
        let opening = try await open(secret)
        guard Self.user(opening.id) == principal.user else { throw .close(.invalidToken) }
        return self.principal(opening)
    }

    func refusal(of principal: Principal) -> AccessRefusal? {
        Self.isDisplay(principal) ? nil : accounts.refusal(of: principal)
    }

    func options(of channel: String) -> ChannelOptions? { accounts.options(of: channel) }

    func subscribe(
        _ principal: Principal, client: String, _ request: SubscribeRequest
    ) async throws(AccessRefusal) -> ChannelGrant {
        try refuseDisplay(principal)
        return try await accounts.subscribe(principal, client: client, request)
    }

    func refreshSubscription(
        _ principal: Principal, client: String, _ request: SubRefreshRequest
    ) async throws(AccessRefusal) -> ChannelGrant {
        try refuseDisplay(principal)
        return try await accounts.refreshSubscription(principal, client: client, request)
    }

    func publish(_ principal: Principal, client: ClientInfo, _ request: PublishRequest) async throws(AccessRefusal) {
        try refuseDisplay(principal)
        try await accounts.publish(principal, client: client, request)
    }

    func call(_ principal: Principal, client: String, _ request: RPCRequest) async throws(AccessRefusal) -> RPCResult {
        try refuseDisplay(principal)
        return try await accounts.call(principal, client: client, request)
    }

    func message(_ principal: Principal, client: String, _ request: SendRequest) async throws(AccessRefusal) {
        try refuseDisplay(principal)
        try await accounts.message(principal, client: client, request)
    }

    private func open(_ secret: String) async throws(AccessRefusal) -> RoomDisplays.Opening {
        let opening: RoomDisplays.Opening?
        do {
            opening = try await displays.open(secret)
        } catch {
            logger.error("The link of a display could not be looked up", metadata: ["error": "\(error)"])
            throw .error(.internalError)
        }
        guard let opening else { throw .close(.invalidToken) }
        return opening
    }

    private func principal(_ opening: RoomDisplays.Opening, channels: [String: ChannelGrant] = [:]) -> Principal {
        Principal(user: Self.user(opening.id), expiresAt: time.now.advanced(bySeconds: Self.lifeSeconds), channels: channels)
    }

    private func refuseDisplay(_ principal: Principal) throws(AccessRefusal) {
        if Self.isDisplay(principal) { throw .error(.permissionDenied) }
    }

    /// No account has such a name: theirs are numbers.
    private static func isDisplay(_ principal: Principal) -> Bool { principal.user.hasPrefix(userPrefix) }

    private static func secret(_ token: String) -> String? {
        token.hasPrefix(tokenPrefix) ? String(token.dropFirst(tokenPrefix.count)) : nil
    }
}
