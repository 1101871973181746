import Wire

/// What the server does to a connection by itself.
extension SessionState {
    /// Subscribes a connection that stands. It learns of it by a push, and gets what it missed right after.
    mutating func serverSubscribed(
        to channel: String, _ admission: Admission, since: StreamPosition?, at second: Int
    ) -> [SessionAction] {
        guard principal != nil, !isClosed else { return [] }
        if let membership = memberships[channel] {
            if membership.hasEnded { memberships[channel]?.pending?.regiven = GivenChannel(admission: admission, since: since) }
            return []
        }
        guard memberships.count < settings.channelsMax else { return [.limitHit(.channels)] + close(.channelLimit) }
        var request = SubscribeRequest(channel: channel)
        if case .connecting(var opening) = phase {
            // It comes with the connect result, as those that were chosen earlier do.
            request = opening.request.subs[channel] ?? request
            request.channel = channel
            opening.awaitedCount += 1
            phase = .connecting(opening)
        } else if !isConnected {
            return []
        }
        return [begin(GivenChannel(admission: admission, since: since), request, at: second)]
    }

    mutating func begin(_ given: GivenChannel, _ request: SubscribeRequest, at second: Int) -> SessionAction {
        guard let since = given.since else { return beginServerSide(request.channel, request, given.admission, at: second) }
        var request = request
        request.recover = true
        request.epoch = since.epoch
        request.offset = since.offset
        return beginServerSide(request.channel, request, given.admission, isSinceGiven: true, at: second)
    }

    /// - Parameter isSinceGiven: the server says where it begins, not the client.
    mutating func beginServerSide(
        _ channel: String, _ request: SubscribeRequest, _ admission: Admission, isSinceGiven: Bool = false, at second: Int
    ) -> SessionAction {
        var request = request
        request.channel = channel
        memberships[channel] = Membership(
            channel: channel, stage: .pending(PendingSubscription(id: 0, request: request)), grant: admission.grant, isServerSide: true,
            expiryDue: admission.ttlSeconds.map { second + $0 + settings.expirySeconds }
        )
        return join(request, admission.grant, isSinceGiven: isSinceGiven)
    }

    mutating func pushed(
        _ membership: Membership, _ pending: PendingSubscription, at start: StreamStart, _ second: Int
    ) -> [SessionAction] {
        guard let grant = membership.grant else { return [] }
        let channel = membership.channel
        let result = result(of: pending.request, start, grant, expiryDue: nil, at: second)
        let push = SubscribePush(
            recoverable: result.recoverable, epoch: result.epoch, offset: result.offset, positioned: result.positioned, data: result.data
        )
        let missed = result.publications.map { SessionAction.push(Push(channel: channel, body: .publication($0))) }
        return [.push(Push(channel: channel, body: .subscribe(push)))] + missed
            + settle(channel, asLive: true, answer: .unsubscribe, at: second)
    }

    /// Ends a subscription, whoever began it.
    mutating func serverUnsubscribed(from channel: String, _ reason: Unsubscription) -> [SessionAction] {
        guard let membership = memberships[channel] else { return [] }
        guard var pending = membership.pending else { return isConnected ? end(membership, reason) : withdraw(membership) }
        pending.ended = reason
        pending.regiven = nil
        memberships[channel]?.pending = pending
        return []
    }

    /// Moves the connection's end.
    ///
    /// - Parameter ttlSeconds: nil for no end.
    mutating func serverRefreshed(ttlSeconds: Int?, at second: Int) -> [SessionAction] {
        if let ttlSeconds, ttlSeconds <= 0, principal != nil { return close(.connectionExpired) }
        if case .connecting(var opening) = phase {
            opening.ttlSeconds = ttlSeconds
            phase = .connecting(opening)
        }
        guard case .connected = phase else { return [] }
        dues.expiry = ttlSeconds.map { second + $0 + settings.expirySeconds }
        let push = RefreshPush(expires: ttlSeconds != nil, ttl: UInt32(clamping: ttlSeconds ?? 0))
        return [.push(Push(body: .refresh(push)))]
    }
}
