import Wire

extension SessionState {
    mutating func subscribe(_ request: SubscribeRequest, _ id: UInt32, at second: Int) -> [SessionAction] {
        let channel = request.channel
        if let refusal = refusal(of: request, at: second) {
            let refused = [error(refusal, id)]
            switch refusal {
            case .limitExceeded: return [.limitHit(.channels)] + refused
            case .tooManyRequests: return [.limitHit(.subscriptions)] + refused
            default: return refused
            }
        }
        memberships[channel] = Membership(channel: channel, stage: .pending(PendingSubscription(id: id, request: request)))
        return [.admit(request)]
    }

    private mutating func refusal(of request: SubscribeRequest, at second: Int) -> ProtocolError? {
        let channel = request.channel
        guard !channel.isEmpty, channel.utf8.count <= ChannelName.bytesMax else { return .badRequest }
        if let filter = request.filter, TagFilter(filter) == nil { return .badRequest }
        guard memberships[channel] == nil else { return .alreadySubscribed }
        guard memberships.count < settings.channelsMax else { return .limitExceeded }
        guard subscriptions.take(settings.subscriptionRate, at: second) else { return .tooManyRequests }
        return nil
    }

    /// It is known what holds for the user in the channel.
    mutating func admitted(to channel: String, _ answer: Result<Admission, AccessRefusal>, at second: Int) -> [SessionAction] {
        guard var membership = memberships[channel], case .pending(let pending) = membership.stage else { return [] }
        switch answer {
        case .success(let admission):
            if let ttl = admission.ttlSeconds, ttl <= 0 { return settle(channel, asLive: false, answer: .error(.tokenExpired), at: second) }
            membership.grant = admission.grant
            membership.expiryDue = admission.ttlSeconds.map { second + $0 + settings.expirySeconds }
            memberships[channel] = membership
            return [join(pending.request, admission.grant)]
        case .failure(.error(let error)): return settle(channel, asLive: false, answer: .error(error), at: second)
        case .failure(.close(let reason)): return close(reason)
        }
    }

    /// The channel is being watched.
    mutating func joined(_ channel: String, at start: StreamStart, second: Int) -> [SessionAction] {
        guard !isClosed else { return [] }
        guard let membership = memberships[channel], case .pending(let pending) = membership.stage, let grant = membership.grant else {
            return [.leave(channel: channel)]
        }
        if case .connecting = phase { return started(membership, pending.request, at: start, second) }
        guard !membership.isServerSide else { return pushed(membership, pending, at: start, second) }
        if pending.request.recover, pending.request.rejectsUnrecovered, !start.isRecovered {
            return [.leave(channel: channel)] + settle(channel, asLive: false, answer: .error(.unrecoverablePosition), at: second)
        }
        let result = result(of: pending.request, start, grant, expiryDue: membership.expiryDue, at: second)
        return settle(channel, asLive: true, answer: .subscribe(result), at: second)
    }

    /// The log could not be read.
    mutating func joinFailed(_ channel: String, at second: Int) -> [SessionAction] {
        if case .connecting(let opening) = phase {
            guard memberships[channel]?.hasEnded == true else { return refuse(.internalError, opening.id, at: second) }
            return began(without: channel, at: second)
        }
        return settle(channel, asLive: false, answer: .error(.internalError), at: second)
    }

    /// The channel has a gap that could not be closed.
    mutating func lost(_ channel: String) -> [SessionAction] {
        guard let membership = memberships[channel], membership.isLive else { return [] }
        // The client can't subscribe to it by itself: only a new connection brings it back.
        if membership.isServerSide { return close(.insufficientState) }
        memberships[channel] = nil
        return [.push(Push(channel: channel, body: .unsubscribe(.insufficientState)))]
    }

    /// Answers a pending subscription, then obeys what has waited for it.
    mutating func settle(_ channel: String, asLive: Bool, answer: Reply.Body, at second: Int) -> [SessionAction] {
        guard var membership = memberships[channel], case .pending(let pending) = membership.stage else { return [] }
        var actions: [SessionAction] = pending.id == 0 ? [] : [.reply(Reply(id: pending.id, body: answer))]
        if asLive {
            membership.stage = .live
            memberships[channel] = membership
            actions += appear(in: membership)
            if let ended = pending.ended { actions += end(membership, ended) }
        } else {
            memberships[channel] = nil
        }
        guard let given = pending.regiven, !isClosed else { return actions + resume(pending, at: second) }
        actions.append(begin(given, SubscribeRequest(channel: channel), at: second))
        // The client's commands for the channel wait for that.
        memberships[channel]?.pending?.waiting = pending.waiting
        return actions
    }

    private mutating func resume(_ pending: PendingSubscription, at second: Int) -> [SessionAction] {
        var actions: [SessionAction] = []
        var rest = pending.waiting
        while let command = rest.popFirst(), !isClosed {
            waitingCount -= 1
            actions += obey(command, at: second)
            // It subscribes once more: what is left waits for that.
            if memberships[pending.request.channel]?.pending != nil {
                memberships[pending.request.channel]?.pending?.waiting = rest
                break
            }
        }
        return actions
    }

    mutating func unsubscribe(_ request: UnsubscribeRequest, _ id: UInt32) -> [SessionAction] {
        let reply = SessionAction.reply(Reply(id: id, body: .unsubscribe))
        // Clients answer an error with a new connection, so a channel that was never subscribed is as good as unsubscribed.
        guard memberships[request.channel] != nil else { return [reply] }
        memberships[request.channel] = nil
        return [.leave(channel: request.channel), reply]
    }

    /// The server ends a subscription.
    mutating func end(_ membership: Membership, _ reason: Unsubscription) -> [SessionAction] {
        memberships[membership.channel] = nil
        return [
            .leave(channel: membership.channel), .push(Push(channel: membership.channel, body: .unsubscribe(reason))),
        ]
    }

    func appear(in membership: Membership) -> [SessionAction] {
        guard let grant = membership.grant, let principal else { return [] }
        let options = grant.options
        guard options.presence || options.joinLeave || options.forcePushJoinLeave else { return [] }
        return [.appear(channel: membership.channel, info(of: principal, grant), options)]
    }

    func info(of principal: Principal, _ grant: ChannelGrant?) -> ClientInfo {
        ClientInfo(user: principal.user, client: client, connInfo: principal.info, chanInfo: grant?.info)
    }

    /// What was missed is only for those who would get it, or could read it: a subscriber who asks to recover from the beginning has read
    /// the log.
    ///
    /// - Parameter isSinceGiven: the server says where it begins.
    func join(_ request: SubscribeRequest, _ grant: ChannelGrant, isSinceGiven: Bool = false) -> SessionAction {
        let options = grant.options
        let mayRecover = options.isRecoverable || options.historyForSubscriber || isSinceGiven
        return .join(channel: request.channel, since: mayRecover ? request.since : nil, traits(of: request, grant))
    }

    private func traits(of request: SubscribeRequest, _ grant: ChannelGrant) -> SubscriptionTraits {
        let options = grant.options
        return SubscriptionTraits(
            hasLog: options.hasLog, isCache: options.hasLog && options.isCache,
            wantsJoinLeave: options.forcePushJoinLeave || (options.joinLeave && request.joinLeave),
            hasDeltas: grantsDeltas(request, options), filter: request.filter.flatMap { TagFilter($0) }
        )
    }

    /// Who leaves publications out by their tags would lack what the next one is told from.
    private func grantsDeltas(_ request: SubscribeRequest, _ options: ChannelOptions) -> Bool {
        request.delta == FossilDelta.name && options.allowsDelta && options.hasLog && request.filter == nil
    }

    func result(
        of request: SubscribeRequest, _ start: StreamStart, _ grant: ChannelGrant, expiryDue: Int?, at second: Int
    ) -> SubscribeResult {
        let options = grant.options
        var result = SubscribeResult(
            recoverable: options.hasLog && (options.isRecoverable || (request.recoverable && options.historyForSubscriber)),
            positioned: options.hasLog && (options.isPositioned || request.positioned), data: grant.data, wasRecovering: request.recover,
            delta: grantsDeltas(request, options)
        )
        if let expiryDue {
            result.expires = true
            result.ttl = UInt32(clamping: expiryDue - settings.expirySeconds - second)
        }
        if result.recoverable || result.positioned {
            result.epoch = start.top.epoch
            result.offset = start.top.offset
        }
        guard case .recovered(let missed) = start.recovery else { return result }
        let filter = request.filter.flatMap { TagFilter($0) }
        result.publications = missed.compactMap(\.publication).filter { filter?.matches($0.tags) ?? true }
        if request.recover {
            result.recovered = true
            // The client moves on from here by the offsets of the publications.
            result.offset = request.offset
        }
        return result
    }
}

extension SubscribeRequest {
    var since: StreamPosition? { recover ? StreamPosition(epoch: epoch, offset: offset) : nil }
}
