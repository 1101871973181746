import Wire

/// Decides who connects, watches, publishes and calls: the accounts (``AccountAccess``), or whatever the engine alone is configured with.
///
/// Sessions keep the protocol's own rules by themselves (order, limits, who is subscribed to what, expiry) and ask here only what those
/// rules leave open. All but ``refusal(of:)`` and ``options(of:)`` is called off the event loops.
public protocol SessionAccess: Sendable {
    /// - Parameter source: the transport's view; `request.headers` may add to it what a browser can't set.
    /// - Throws: ``ProtocolError/tokenExpired`` where a new token helps, ``Disconnect/invalidToken`` where none will.
    func connect(_ request: ConnectRequest, from source: ConnectionSource) async throws(AccessRefusal) -> Principal

    /// A newer token for a connection that stands.
    ///
    /// - Throws: ``Disconnect/connectionExpired`` for one that is past its time, ``Disconnect/invalidToken`` for anything that is not a
    ///   token of the same person (and sign-in, where there are any).
    func refresh(_ principal: Principal, token: String) async throws(AccessRefusal) -> Principal

    /// Why somebody who was admitted would not be any more, as ``connect(_:from:)`` would throw it; nil where he still is. On the event loop,
    /// for many connections at once: cheap.
    func refusal(of principal: Principal) -> AccessRefusal?

    /// What holds in a channel for whoever is not subscribed to it; nil where nothing does. On the event loop: cheap.
    func options(of channel: String) -> ChannelOptions?

    func subscribe(
        _ principal: Principal, client: String, _ request: SubscribeRequest
    ) async throws(AccessRefusal) -> ChannelGrant

    /// - Throws: ``Disconnect/subscriptionExpired`` for a token that is past its time, ``Disconnect/invalidToken`` for another's.
    func refreshSubscription(
        _ principal: Principal, client: String, _ request: SubRefreshRequest
    ) async throws(AccessRefusal) -> ChannelGrant

    /// A publication of a client, to a channel whose options allow it to publish. In a channel with a log it is appended here and reaches
    /// the subscribers as a committed event; in one without, the session hands it to the hub once this has returned.
    func publish(_ principal: Principal, client: ClientInfo, _ request: PublishRequest) async throws(AccessRefusal)

    func call(_ principal: Principal, client: String, _ request: RPCRequest) async throws(AccessRefusal) -> RPCResult

    /// A message without an answer.
    func message(_ principal: Principal, client: String, _ request: SendRequest) async throws(AccessRefusal)
}

extension SessionAccess {
    public func options(of channel: String) -> ChannelOptions? { nil }

    public func refreshSubscription(
        _ principal: Principal, client: String, _ request: SubRefreshRequest
    ) async throws(AccessRefusal) -> ChannelGrant {
        throw .close(.badRequest)
    }

    public func publish(_ principal: Principal, client: ClientInfo, _ request: PublishRequest) async throws(AccessRefusal) {
        throw .error(.permissionDenied)
    }

    public func call(_ principal: Principal, client: String, _ request: RPCRequest) async throws(AccessRefusal) -> RPCResult {
        throw .error(.methodNotFound)
    }

    public func message(_ principal: Principal, client: String, _ request: SendRequest) async throws(AccessRefusal) {
        throw .close(.notAvailable)
    }
}
