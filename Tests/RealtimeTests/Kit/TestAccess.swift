import Core
import Realtime
import Synchronization
import Wire

/// Decides what a test says. A token is the name of a user, none is somebody anonymous.
final class TestAccess: SessionAccess {
    struct Rules: Sendable {
        var connected: [String: ChannelGrant] = [:]
        var expiresAt: Instant?
        var data: RawJSON?
        var info: RawJSON?
        /// By channel; any other is a plain log.
        var grants: [String: ChannelGrant] = [:]
        /// Channels that nobody can be asked about at the moment.
        var isUnavailable: Set<String> = []
        /// What holds for those who are not subscribed.
        var open: [String: ChannelOptions] = [:]
        /// What a newer token of a subscription means.
        var renewals: [String: Result<ChannelGrant, AccessRefusal>] = [:]
        var publish: @Sendable (PublishRequest) async -> AccessRefusal? = { _ in nil }
        var call: @Sendable (RPCRequest) async throws(AccessRefusal) -> RPCResult = { RPCResult(data: $0.data) }
        var message: @Sendable (SendRequest) -> AccessRefusal? = { _ in nil }
    }

    let rules: Mutex<Rules>

    init(_ rules: Rules = Rules()) { self.rules = Mutex(rules) }

    func connect(_ request: ConnectRequest, from source: ConnectionSource) async throws(AccessRefusal) -> Principal {
        guard request.token != "expired" else { throw .error(.tokenExpired) }
        guard request.token != "bad" else { throw .close(.invalidToken) }
        let rules = rules.withLock { $0 }
        return Principal(
            user: request.token, info: rules.info, expiresAt: rules.expiresAt, channels: rules.connected, data: rules.data
        )
    }

    func refresh(_ principal: Principal, token: String) async throws(AccessRefusal) -> Principal {
        Principal(user: token, expiresAt: rules.withLock { $0.expiresAt })
    }

    func refusal(of principal: Principal) -> AccessRefusal? { nil }

    func options(of channel: String) -> ChannelOptions? { rules.withLock { $0.open[channel] } }

    func subscribe(
        _ principal: Principal, client: String, _ request: SubscribeRequest
    ) async throws(AccessRefusal) -> ChannelGrant {
        guard request.channel != "closed" else { throw .error(.permissionDenied) }
        let rules = rules.withLock { $0 }
        guard !rules.isUnavailable.contains(request.channel) else { throw .error(.internalError) }
        return rules.grants[request.channel] ?? ChannelGrant(options: .log)
    }

    func refreshSubscription(
        _ principal: Principal, client: String, _ request: SubRefreshRequest
    ) async throws(AccessRefusal) -> ChannelGrant {
        guard let renewal = rules.withLock({ $0.renewals[request.token] }) else { throw .close(.invalidToken) }
        return try renewal.get()
    }

    func publish(_ principal: Principal, client: ClientInfo, _ request: PublishRequest) async throws(AccessRefusal) {
        if let refusal = await rules.withLock({ $0.publish })(request) { throw refusal }
    }

    func call(_ principal: Principal, client: String, _ request: RPCRequest) async throws(AccessRefusal) -> RPCResult {
        try await rules.withLock { $0.call }(request)
    }

    func message(_ principal: Principal, client: String, _ request: SendRequest) async throws(AccessRefusal) {
        if let refusal = rules.withLock({ $0.message })(request) { throw refusal }
    }
}
