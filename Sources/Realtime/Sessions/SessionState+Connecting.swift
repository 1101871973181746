import DequeModule
import Wire

/// A connection that has not begun yet.
struct Opening {
    let id: UInt32
    let request: ConnectRequest
    /// Commands behind the connect command.
    var waiting = Deque<Command>()
    var ttlSeconds: Int?
    var data: RawJSON?
    /// Channels of the server's choice that are still being joined, and what came of the others.
    var awaitedCount = 0
    var started: [String: SubscribeResult] = [:]
}

extension SessionState {
    /// It is known who connects.
    mutating func authenticated(_ decision: TokenDecision, at second: Int) -> [SessionAction] {
        guard case .connecting(var opening) = phase else { return [] }
        switch decision {
        case .accepted(let principal, let ttlSeconds, let channels):
            guard channels.count <= settings.channelsMax else { return [.limitHit(.channels)] + close(.channelLimit) }
            self.principal = principal.settled
            opening.ttlSeconds = ttlSeconds
            opening.data = principal.data
            opening.awaitedCount = channels.count
            phase = .connecting(opening)
            guard !channels.isEmpty else { return connected(opening, at: second) }
            return channels.map { channel, admission in
                let known = opening.request.subs[channel] ?? SubscribeRequest()
                return beginServerSide(channel, known, admission, at: second)
            }
        case .refused(.error(let error)): return refuse(error, opening.id, at: second)
        case .refused(.close(let reason)): return close(reason)
        }
    }

    /// A channel of the server's choice has begun before the connection has.
    mutating func started(_ membership: Membership, _ request: SubscribeRequest, at start: StreamStart, _ second: Int) -> [SessionAction] {
        guard case .connecting(var opening) = phase, let grant = membership.grant else { return [] }
        guard !membership.hasEnded else {
            return [.leave(channel: membership.channel)] + began(without: membership.channel, at: second)
        }
        var membership = membership
        membership.stage = .live
        memberships[membership.channel] = membership
        opening.started[membership.channel] = result(of: request, start, grant, expiryDue: membership.expiryDue, at: second)
        return began(opening, at: second)
    }

    /// The server has taken a channel away that was not joined yet: the client will see that it is not among its channels.
    mutating func began(without channel: String, at second: Int) -> [SessionAction] {
        guard case .connecting(let opening) = phase else { return [] }
        let given = memberships[channel]?.pending?.regiven
        memberships[channel] = nil
        if let given {
            var request = opening.request.subs[channel] ?? SubscribeRequest()
            request.channel = channel
            return [begin(given, request, at: second)]
        }
        return began(opening, at: second)
    }

    private mutating func began(_ opening: Opening, at second: Int) -> [SessionAction] {
        var opening = opening
        opening.awaitedCount -= 1
        phase = .connecting(opening)
        return opening.awaitedCount == 0 ? connected(opening, at: second) : []
    }

    /// The server ends a subscription that has begun with a connection that has not: the client never hears of it.
    mutating func withdraw(_ membership: Membership) -> [SessionAction] {
        guard case .connecting(var opening) = phase else { return [] }
        memberships[membership.channel] = nil
        opening.started[membership.channel] = nil
        phase = .connecting(opening)
        return [.leave(channel: membership.channel)]
    }

    /// What the connect result holds of what was missed, so far.
    var answerSize: AnswerSize {
        var size = AnswerSize()
        guard case .connecting(let opening) = phase else { return size }
        for result in opening.started.values { size.add(result.publications, areDeltas: result.delta) }
        return size
    }

    private mutating func connected(_ opening: Opening, at second: Int) -> [SessionAction] {
        phase = .connected
        dues.connect = nil
        dues.ping = second + settings.random(settings.pingSeconds / 2..<settings.pingSeconds + 1)
        dues.expiry = opening.ttlSeconds.map { second + $0 + settings.expirySeconds }
        let result = ConnectResult(
            client: client,
            version: settings.version,
            expires: opening.ttlSeconds != nil,
            ttl: UInt32(clamping: opening.ttlSeconds ?? 0),
            data: opening.data,
            subs: opening.started,
            ping: mode == .framePings ? 0 : UInt32(clamping: settings.pingSeconds),
            pong: mode.expectsPong,
            session: mode == .unidirectional ? "" : secret,
            node: mode == .unidirectional ? "" : settings.node
        )
        var actions = [SessionAction.reply(Reply(id: opening.id, body: .connect(result)))]
        for membership in memberships.all { actions += appear(in: membership) }
        for command in opening.waiting where !isClosed {
            waitingCount -= 1
            actions += mode == .unidirectional ? close(.badRequest) : obey(command, at: second)
        }
        return actions
    }

    /// Commands that came in one breath with the connect command are dropped, as the client expects; later ones are a mistake. Who can't be
    /// answered is closed with what says the same.
    mutating func refuse(_ error: ProtocolError, _ id: UInt32, at second: Int) -> [SessionAction] {
        guard mode != .unidirectional else { return close(Disconnect(insteadOf: error)) }
        let leaves = memberships.all.map { SessionAction.leave(channel: $0.channel) }
        memberships.removeAll()
        waitingCount = 0
        let answer = self.error(error, id)
        guard mode == .emulated else {
            phase = .refused(held: [])
            return leaves + [answer]
        }
        // Older clients open the next stream in the moment in which this one fails: hundreds in half a second (protocol A.9).
        phase = .refused(held: [answer])
        dues.connect = second + Self.refusalSeconds
        return leaves
    }

    /// The second that has begun counts as one.
    private static var refusalSeconds: Int { 2 }

    /// The answer to a refused client that would have come back at once.
    mutating func tellRefusal(_ held: [SessionAction], at second: Int) -> [SessionAction] {
        phase = .refused(held: [])
        dues.connect = second + settings.connectSeconds
        return held
    }
}

extension Disconnect {
    /// What tells a client that only listens why it was not let in (protocol A.7, end).
    fileprivate init(insteadOf error: ProtocolError) {
        switch error {
        case .tokenExpired, .expired: self = .connectionExpired
        case _ where error.temporary: self = .internalError
        default: self = .permissionDenied
        }
    }
}
