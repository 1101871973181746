import Core
import Realtime
import Wire

/// Decides by tokens that an application's back end has signed, and by the rules of the namespaces.
public struct EngineAccess: SessionAccess {
    private let client: ClientRules
    private let permissions: ChannelPermissions
    private let connectionTokens: TokenVerifier
    private let subscriptionTokens: TokenVerifier
    private let log: any ChannelLog
    private let time: any TimeSource

    /// - Parameter log: where clients' publications go in channels that keep them.
    public init(client: ClientRules, channels: ChannelRules, log: any ChannelLog, time: any TimeSource) {
        self.client = client
        permissions = ChannelPermissions(rules: channels, isInsecure: client.isInsecure)
        connectionTokens = TokenVerifier(client.token)
        subscriptionTokens = TokenVerifier(client.subscriptionToken ?? client.token)
        self.log = log
        self.time = time
    }

    // MARK: Connections

    public func connect(_ request: ConnectRequest, from source: ConnectionSource) async throws(AccessRefusal) -> Principal {
        guard !request.token.isEmpty, !isIgnoringTokens else {
            guard client.isInsecure || client.allowsAnonymousWithoutToken else { throw .close(.badRequest) }
            return Principal(user: "")
        }
        return try principal(
            try claims(of: request.token, by: connectionTokens, expired: .error(.tokenExpired), invalid: .close(.invalidToken))
        )
    }

    public func refresh(_ principal: Principal, token: String) async throws(AccessRefusal) -> Principal {
        let claims: ConnectionClaims = try claims(
            of: token, by: connectionTokens, expired: .close(.connectionExpired), invalid: .close(.invalidToken)
        )
        guard claims.user == principal.user else { throw .close(.invalidToken) }
        return try self.principal(claims)
    }

    /// Nothing ends a token of an application before its time, and the time is the session's business.
    public func refusal(of principal: Principal) -> AccessRefusal? { nil }

    private func claims<Claims: Decodable>(
        of token: String, by verifier: TokenVerifier, expired: AccessRefusal, invalid: AccessRefusal
    ) throws(AccessRefusal) -> Claims {
        do throws(TokenRefusal) {
            return try verifier.claims(of: token, as: Claims.self, at: time.now)
        } catch {
            throw error == .expired ? expired : invalid
        }
    }

    /// Without a secret no token could be told from another: where nobody needs one, it is not looked at.
    private var isIgnoringTokens: Bool { client.isInsecure && client.token.secret.isEmpty }

    private func principal(_ claims: ConnectionClaims) throws(AccessRefusal) -> Principal {
        guard !claims.user.isEmpty || !client.refusesAnonymousTokens else { throw .close(.permissionDenied) }
        return Principal(
            user: claims.user, info: claims.info ?? claims.encodedInfo?.json,
            expiresAt: try expiry(claims.connectionExpiresAt, token: claims.expiresAt), channels: try serverSubscriptions(claims)
        )
    }

    /// - Parameters:
    ///   - chosen: what the issuer set apart from the token's own end; zero for never.
    ///   - token: the token's own end.
    private func expiry(_ chosen: NumericDate?, token: NumericDate?) throws(AccessRefusal) -> Instant? {
        guard let chosen else { return token?.instant }
        guard !chosen.isZero else { return nil }
        guard chosen.instant > time.now else { throw .error(.expired) }
        return chosen.instant
    }

    private func serverSubscriptions(_ claims: ConnectionClaims) throws(AccessRefusal) -> [String: ChannelGrant] {
        var grants: [String: ChannelGrant] = [:]
        if let namespace = client.personalNamespace, !claims.user.isEmpty {
            let rules = permissions.rules
            let channel = (namespace.isEmpty ? "" : namespace + rules.namespaceBoundary) + rules.userBoundary + claims.user
            grants[channel] = ChannelGrant(options: try options(of: channel, for: claims.user))
        }
        for channel in claims.channels ?? [] {
            grants[channel] = ChannelGrant(options: try options(of: channel, for: claims.user))
        }
        for (channel, subscription) in claims.subscriptions ?? [:] {
            grants[channel] = try grant(subscription, for: channel, claims.user)
        }
        return grants
    }

    // MARK: Channels

    public func options(of channel: String) -> ChannelOptions? {
        // Whoever stands behind the question is asked about at the publication itself.
        try? permissions.options(of: channel, for: "somebody")
    }

    public func subscribe(
        _ principal: Principal, client: String, _ request: SubscribeRequest
    ) async throws(AccessRefusal) -> ChannelGrant {
        let options = try options(of: request.channel, for: principal.user)
        guard !request.token.isEmpty, !isIgnoringTokens else {
            guard permissions.admits(principal.user, to: request.channel) else { throw .error(.permissionDenied) }
            return ChannelGrant(options: options)
        }
        let claims: SubscriptionClaims = try claims(
            of: request.token, by: subscriptionTokens, expired: .error(.tokenExpired), invalid: .error(.permissionDenied)
        )
        return try grant(claims, for: request.channel, principal, client: client)
    }

    public func refreshSubscription(
        _ principal: Principal, client: String, _ request: SubRefreshRequest
    ) async throws(AccessRefusal) -> ChannelGrant {
        guard !request.token.isEmpty else { throw .error(.badRequest) }
        let claims: SubscriptionClaims = try claims(
            of: request.token, by: subscriptionTokens, expired: .close(.subscriptionExpired), invalid: .close(.invalidToken)
        )
        return try grant(claims, for: request.channel, principal, client: client)
    }

    public func publish(_ principal: Principal, client: ClientInfo, _ request: PublishRequest) async throws(AccessRefusal) {
        let options = try options(of: request.channel, for: principal.user)
        guard options.publishForClient || options.publishForSubscriber else { throw .error(.permissionDenied) }
        guard let data = request.data else { throw .error(.badRequest) }
        guard options.hasLog else { return }
        do {
            _ = try await log.append(Publication(data: data, info: client), to: request.channel, options: AppendOptions())
        } catch {
            throw .error(.internalError)
        }
    }

    private func options(of channel: String, for user: String) throws(AccessRefusal) -> ChannelOptions {
        do throws(ProtocolError) {
            return try permissions.options(of: channel, for: user)
        } catch {
            throw .error(error)
        }
    }

    /// What a subscription token of this user, connection and channel grants; a token of another one is somebody's attempt to reuse it.
    private func grant(
        _ claims: SubscriptionClaims, for channel: String, _ principal: Principal, client: String
    ) throws(AccessRefusal) -> ChannelGrant {
        let isTheirs = claims.channel == channel && (claims.user ?? "") == principal.user
        guard isTheirs, claims.client.map({ $0.isEmpty || $0 == client }) ?? true else { throw .close(.invalidToken) }
        return try grant(claims, for: channel, principal.user)
    }

    private func grant(_ claims: SubscriptionClaims, for channel: String, _ user: String) throws(AccessRefusal) -> ChannelGrant {
        var options = try options(of: channel, for: user)
        claims.override?.apply(to: &options)
        return ChannelGrant(
            options: options, expiresAt: try expiry(claims.subscriptionExpiresAt, token: claims.expiresAt),
            info: claims.info ?? claims.encodedInfo?.json, data: claims.data ?? claims.encodedData?.json
        )
    }
}

extension OptionOverrides {
    /// Nothing can be recovered in a channel that keeps nothing, whatever a token says.
    func apply(to options: inout ChannelOptions) {
        if let presence { options.presence = presence.value }
        if let joinLeave { options.joinLeave = joinLeave.value }
        if let forcePushJoinLeave { options.forcePushJoinLeave = forcePushJoinLeave.value }
        if let forceRecovery { options.isRecoverable = forceRecovery.value && options.hasLog }
        if let forcePositioning { options.isPositioned = forcePositioning.value && options.hasLog }
    }
}
