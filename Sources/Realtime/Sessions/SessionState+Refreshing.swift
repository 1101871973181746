import Wire

/// How a connection and its subscriptions outlive their tokens (protocol A.6, A.7).
extension SessionState {
    mutating func refresh(_ request: RefreshRequest, _ id: UInt32) -> [SessionAction] {
        guard !request.token.isEmpty else { return [error(.badRequest, id)] }
        guard refreshID == nil else { return [error(.tooManyRequests, id)] }
        refreshID = id
        return [.reauthenticate(token: request.token)]
    }

    /// The newer token was looked at.
    mutating func refreshed(_ decision: TokenDecision, at second: Int) -> [SessionAction] {
        guard !isClosed, let id = refreshID, let principal else { return [] }
        refreshID = nil
        switch decision {
        case .accepted(let newer, let ttlSeconds, _):
            guard newer.user == principal.user else { return close(.invalidToken) }
            if let ttlSeconds, ttlSeconds <= 0 { return [error(.expired, id)] }
            self.principal = newer.settled
            dues.expiry = ttlSeconds.map { second + $0 + settings.expirySeconds }
            let result = RefreshResult(
                client: client, version: settings.version, expires: ttlSeconds != nil, ttl: UInt32(clamping: ttlSeconds ?? 0)
            )
            return [.reply(Reply(id: id, body: .refresh(result)))]
        case .refused(.error(let error)): return [self.error(error, id)]
        case .refused(.close(let reason)): return close(reason)
        }
    }

    mutating func refreshSubscription(_ request: SubRefreshRequest, _ id: UInt32) -> [SessionAction] {
        guard var membership = memberships[request.channel], membership.isLive else { return [error(.permissionDenied, id)] }
        // What does not expire is prolonged by the server itself, so a client that refreshes it has misunderstood.
        guard membership.expiryDue != nil else { return close(.badRequest) }
        guard !request.token.isEmpty else { return [error(.badRequest, id)] }
        guard !membership.isRefreshing else { return [error(.tooManyRequests, id)] }
        membership.isRefreshing = true
        memberships[request.channel] = membership
        return [.refreshSubscription(id: id, request)]
    }

    /// The newer token of a subscription was looked at. One that is past its time is not accepted, or it would be good for ever.
    mutating func subscriptionRefreshed(
        _ channel: String, _ id: UInt32, _ answer: Result<Admission, AccessRefusal>, at second: Int
    ) -> [SessionAction] {
        guard !isClosed else { return [] }
        // It may have ended, and even begun again, meanwhile.
        guard var membership = memberships[channel], membership.isRefreshing else { return [error(.permissionDenied, id)] }
        membership.isRefreshing = false
        memberships[channel] = membership
        switch answer {
        case .success(let admission):
            if let ttl = admission.ttlSeconds, ttl <= 0 { return close(.subscriptionExpired) }
            membership.grant?.expiresAt = admission.grant.expiresAt
            membership.expiryDue = admission.ttlSeconds.map { second + $0 + settings.expirySeconds }
            memberships[channel] = membership
            let result = SubRefreshResult(expires: admission.ttlSeconds != nil, ttl: UInt32(clamping: admission.ttlSeconds ?? 0))
            return [.reply(Reply(id: id, body: .subRefresh(result)))]
        case .failure(.error(let error)): return [self.error(error, id)]
        case .failure(.close(let reason)): return close(reason)
        }
    }

    /// Ends what was not renewed in time. A channel of the server's choice takes the connection with it: the client can't renew it alone.
    mutating func expireSubscriptions(at second: Int) -> [SessionAction] {
        guard let next = memberships.nextExpiry, next <= second else { return [] }
        var actions: [SessionAction] = []
        for membership in memberships.all where membership.isLive && (membership.expiryDue ?? .max) <= second {
            guard !membership.isServerSide else { return close(.subscriptionExpired) }
            actions += end(membership, .expired)
        }
        return actions
    }
}
