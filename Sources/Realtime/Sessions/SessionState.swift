import Core
import DequeModule
import Wire

/// The Centrifuge client protocol, version 2, from the server's side, as a pure state machine: commands, answers and seconds go in, actions
/// come out. The protocol's own rules are all here; what bytes look like, where answers come from and who else is connected is not.
///
/// Commands are obeyed in the order they came. What follows a connect command waits for it, and commands for one channel wait for each
/// other: a client that subscribes, unsubscribes and subscribes again in one breath ends up subscribed once.
struct SessionState {
    private enum Phase {
        case new
        /// Its token is being proven or, once `caller` is known, its own channel is being joined.
        case connecting(id: UInt32, ConnectRequest, ttlSeconds: Int?)
        case connected
        /// The connect command was answered with an error: the client is expected to leave.
        case refused
        case closed
    }

    private enum Membership {
        /// Not answered yet; what was asked of the channel meanwhile waits.
        case pending(id: UInt32, SubscribeRequest, waiting: Deque<Command>)
        case live
        /// Chosen by the server.
        case serverSide
    }

    let client: String
    private let settings: HubSettings
    private var phase = Phase.new
    private(set) var caller: SignedInCaller?
    private var memberships: [String: Membership] = [:]
    /// Commands behind the connect command.
    private var waiting = Deque<Command>()
    private var waitingCount = 0
    private var budget: CommandBudget
    private var refreshID: UInt32?
    private var historyReads = 0

    private var connectDue: Int?
    private var pingDue: Int?
    private var pongDue: Int?
    private var expiryDue: Int?
    private var drainDue: Int?

    init(client: String, settings: HubSettings, at second: Int) {
        self.client = client
        self.settings = settings
        budget = CommandBudget(perSecond: settings.commandsPerSecond, burst: settings.commandsBurst, at: second)
        connectDue = second + settings.connectSeconds
    }

    var isClosed: Bool {
        if case .closed = phase { true } else { false }
    }

    // MARK: Commands

    mutating func received(_ command: Command, at second: Int) -> [SessionAction] {
        guard !isClosed else { return [] }
        guard budget.take(at: second) else { return close(.tooManyRequests) }
        guard command.request != .pong else {
            guard pongDue != nil else { return close(.badRequest) }
            pongDue = nil
            return []
        }
        switch phase {
        case .new:
            guard case .connect(let request) = command.request, !request.token.isEmpty else { return close(.badRequest) }
            phase = .connecting(id: command.id, request, ttlSeconds: nil)
            return [.authenticate(token: request.token)]
        case .connecting:
            guard waitingCount < settings.waitingCommandsMax else { return close(.tooManyRequests) }
            waitingCount += 1
            waiting.append(command)
            return []
        case .connected: return obey(command, at: second)
        case .refused: return close(.badRequest)
        case .closed: return []
        }
    }

    private mutating func obey(_ command: Command, at second: Int) -> [SessionAction] {
        let id = command.id
        switch command.request {
        case .connect, .pong: return close(.badRequest)
        case .subscribe(let request): return waitingIfPending(request.channel, command) ?? subscribe(request, id)
        case .unsubscribe(let request): return waitingIfPending(request.channel, command) ?? unsubscribe(request, id)
        case .history(let request): return waitingIfPending(request.channel, command) ?? readHistory(request, id)
        case .refresh(let request): return refresh(request, id)
        // The server prolongs every subscription by itself, so a client that refreshes one has misunderstood.
        case .subRefresh: return close(.badRequest)
        case .publish: return [.reply(Reply(id: id, body: .error(.permissionDenied)))]
        case .presence, .presenceStats, .ping: return [.reply(Reply(id: id, body: .error(.notAvailable)))]
        case .rpc: return [.reply(Reply(id: id, body: .error(.methodNotFound)))]
        case .send: return close(.notAvailable)
        }
    }

    /// Nil when the channel is not busy.
    private mutating func waitingIfPending(_ channel: String, _ command: Command) -> [SessionAction]? {
        guard case .pending(let id, let request, var waiting) = memberships[channel] else { return nil }
        guard waitingCount < settings.waitingCommandsMax else { return close(.tooManyRequests) }
        waitingCount += 1
        waiting.append(command)
        memberships[channel] = .pending(id: id, request, waiting: waiting)
        return []
    }

    // MARK: Connecting

    /// The token of the connect command was looked at.
    mutating func authenticated(_ decision: TokenDecision, at second: Int) -> [SessionAction] {
        guard case .connecting(let id, let request, _) = phase else { return [] }
        switch decision {
        case .accepted(let caller, let ttlSeconds):
            self.caller = caller
            phase = .connecting(id: id, request, ttlSeconds: ttlSeconds)
            let channel = PersonalChannel(user: caller.userID.rawValue).name
            let known = request.subs[channel]
            return [.join(channel: channel, since: known.flatMap(Self.since))]
        case .expired: return refuse(.tokenExpired, id)
        case .refused(let error): return refuse(error, id)
        case .closed(let reason): return close(reason)
        }
    }

    /// Commands that came in one breath with the connect command are dropped, as the client expects; later ones are a mistake.
    private mutating func refuse(_ error: ProtocolError, _ id: UInt32) -> [SessionAction] {
        phase = .refused
        waiting.removeAll()
        return [.reply(Reply(id: id, body: .error(error)))]
    }

    private mutating func connected(
        _ id: UInt32, _ request: ConnectRequest, ttlSeconds: Int, _ start: StreamStart, at second: Int
    ) -> [SessionAction] {
        guard let caller else { return [] }
        let channel = PersonalChannel(user: caller.userID.rawValue).name
        phase = .connected
        memberships[channel] = .serverSide
        connectDue = nil
        pingDue = second + settings.random(settings.pingSeconds / 2..<settings.pingSeconds + 1)
        expiryDue = second + ttlSeconds + settings.expirySeconds
        let result = ConnectResult(
            client: client,
            version: settings.version,
            expires: true,
            ttl: UInt32(clamping: ttlSeconds),
            subs: [channel: Self.result(of: request.subs[channel] ?? SubscribeRequest(), start, ChannelOptions.named(channel))],
            ping: UInt32(clamping: settings.pingSeconds),
            pong: true,
            session: ConnectionName.session(),
            node: settings.node
        )
        var actions = [SessionAction.reply(Reply(id: id, body: .connect(result)))]
        while let command = waiting.popFirst(), !isClosed {
            waitingCount -= 1
            actions += obey(command, at: second)
        }
        return actions
    }

    // MARK: Subscribing

    private mutating func subscribe(_ request: SubscribeRequest, _ id: UInt32) -> [SessionAction] {
        let channel = request.channel
        let refusal: ProtocolError? =
            if channel.isEmpty || channel.utf8.count > ChannelName.bytesMax {
                .badRequest
            } else if memberships[channel] != nil {
                .alreadySubscribed
            } else if memberships.count >= settings.channelsMax {
                .limitExceeded
            } else {
                nil
            }
        if let refusal { return [.reply(Reply(id: id, body: .error(refusal)))] }
        memberships[channel] = .pending(id: id, request, waiting: [])
        return [.admit(channel: channel)]
    }

    /// The policy has spoken; `refusal` is nil when the user may watch.
    mutating func admitted(to channel: String, refusal: ProtocolError?, at second: Int) -> [SessionAction] {
        guard case .pending(_, let request, _) = memberships[channel] else { return [] }
        guard let refusal else { return [.join(channel: channel, since: Self.since(request))] }
        return settle(channel, as: nil, answer: .error(refusal), at: second)
    }

    /// The channel is being watched.
    mutating func joined(_ channel: String, at start: StreamStart, second: Int) -> [SessionAction] {
        if case .connecting(let id, let request, let ttlSeconds?) = phase {
            return connected(id, request, ttlSeconds: ttlSeconds, start, at: second)
        }
        guard case .pending(_, let request, _) = memberships[channel] else { return [.leave(channel: channel)] }
        if case .unrecovered = start.recovery, request.recover, request.rejectsUnrecovered {
            return [.leave(channel: channel)] + settle(channel, as: nil, answer: .error(.unrecoverablePosition), at: second)
        }
        return settle(channel, as: .live, answer: .subscribe(Self.result(of: request, start, ChannelOptions.named(channel))), at: second)
    }

    /// The log could not be read.
    mutating func joinFailed(_ channel: String, at second: Int) -> [SessionAction] {
        if case .connecting(let id, _, _) = phase { return refuse(.internalError, id) }
        return settle(channel, as: nil, answer: .error(.internalError), at: second)
    }

    /// The channel has a gap that could not be closed.
    mutating func lost(_ channel: String) -> [SessionAction] {
        switch memberships[channel] {
        case .live:
            memberships[channel] = nil
            return [.push(Push(channel: channel, body: .unsubscribe(.insufficientState)))]
        // The client can't subscribe to it by itself: only a new connection brings it back.
        case .serverSide: return close(.insufficientState)
        case .pending, nil: return []
        }
    }

    /// Answers a pending subscribe command, then obeys what has waited for it.
    private mutating func settle(
        _ channel: String, as membership: Membership?, answer: Reply.Body, at second: Int
    ) -> [SessionAction] {
        guard case .pending(let id, _, var rest) = memberships[channel] else { return [] }
        memberships[channel] = membership
        var actions = [SessionAction.reply(Reply(id: id, body: answer))]
        while let command = rest.popFirst(), !isClosed {
            waitingCount -= 1
            actions += obey(command, at: second)
            if case .pending(let id, let request, _) = memberships[channel] {
                memberships[channel] = .pending(id: id, request, waiting: rest)
                break
            }
        }
        return actions
    }

    private mutating func unsubscribe(_ request: UnsubscribeRequest, _ id: UInt32) -> [SessionAction] {
        let reply = SessionAction.reply(Reply(id: id, body: .unsubscribe))
        // Clients answer an error with a new connection, so a channel that was never subscribed is as good as unsubscribed.
        guard memberships.removeValue(forKey: request.channel) != nil else { return [reply] }
        return [.leave(channel: request.channel), reply]
    }

    private static func since(_ request: SubscribeRequest) -> StreamPosition? {
        request.recover ? StreamPosition(epoch: request.epoch, offset: request.offset) : nil
    }

    private static func result(of request: SubscribeRequest, _ start: StreamStart, _ options: ChannelOptions) -> SubscribeResult {
        var result = SubscribeResult(
            recoverable: options.isRecoverable, epoch: start.top.epoch, offset: start.top.offset, positioned: options.isPositioned
        )
        result.wasRecovering = request.recover
        if case .recovered(let missed) = start.recovery {
            result.recovered = true
            // The client moves on from here by the offsets of the publications.
            result.offset = request.offset
            result.publications = missed.map(\.publication)
        }
        return result
    }

    // MARK: History

    private mutating func readHistory(_ request: HistoryRequest, _ id: UInt32) -> [SessionAction] {
        let refusal: ProtocolError? =
            if memberships[request.channel] == nil {
                .permissionDenied
            } else if !ChannelOptions.named(request.channel).hasHistory {
                .notAvailable
            } else if request.limit < -1 {
                .badRequest
            } else if historyReads >= settings.historyReadsMax {
                .tooManyRequests
            } else {
                nil
            }
        if let refusal { return [.reply(Reply(id: id, body: .error(refusal)))] }
        historyReads += 1
        var bounded = request
        bounded.limit = request.limit < 0 ? settings.historyEventsMax : min(request.limit, settings.historyEventsMax)
        return [.readHistory(id: id, bounded)]
    }

    /// - Parameter page: nil when the log could not be read.
    mutating func historyRead(id: UInt32, _ request: HistoryRequest, _ page: LogPage?) -> [SessionAction] {
        historyReads -= 1
        guard !isClosed else { return [] }
        guard let page else { return [.reply(Reply(id: id, body: .error(.internalError)))] }
        if let epoch = request.since?.epoch, !epoch.isEmpty, epoch != page.top.epoch {
            return [.reply(Reply(id: id, body: .error(.unrecoverablePosition)))]
        }
        let publications = withinBytes(page.entries).map { Publication(data: $0.data, offset: $0.offset) }
        let result = HistoryResult(publications: publications, epoch: page.top.epoch, offset: page.top.offset)
        return [.reply(Reply(id: id, body: .history(result)))]
    }

    /// The first entries that fit into an answer; at least one, or the client could never get past it.
    private func withinBytes(_ entries: [LogEntry]) -> ArraySlice<LogEntry> {
        var bytes = 0
        let count = entries.prefix { entry in
            bytes += entry.data.bytes.count
            return bytes <= settings.historyBytesMax
        }.count
        return entries.prefix(max(count, 1))
    }

    // MARK: Refreshing

    private mutating func refresh(_ request: RefreshRequest, _ id: UInt32) -> [SessionAction] {
        guard !request.token.isEmpty else { return [.reply(Reply(id: id, body: .error(.badRequest)))] }
        guard refreshID == nil else { return [.reply(Reply(id: id, body: .error(.tooManyRequests)))] }
        refreshID = id
        return [.reauthenticate(token: request.token)]
    }

    /// The newer token was looked at. It must belong to the same sign-in: with another one the connection would outlive a logout.
    mutating func refreshed(_ decision: TokenDecision, at second: Int) -> [SessionAction] {
        guard !isClosed, let id = refreshID, let caller else { return [] }
        refreshID = nil
        switch decision {
        case .accepted(let newer, let ttlSeconds):
            guard newer.userID == caller.userID, newer.sessionID == caller.sessionID else { return close(.invalidToken) }
            guard ttlSeconds > 0 else { return [.reply(Reply(id: id, body: .error(.expired)))] }
            self.caller = newer
            expiryDue = second + ttlSeconds + settings.expirySeconds
            let result = RefreshResult(client: client, version: settings.version, expires: true, ttl: UInt32(clamping: ttlSeconds))
            return [.reply(Reply(id: id, body: .refresh(result)))]
        case .expired: return close(.connectionExpired)
        case .refused(let error): return [.reply(Reply(id: id, body: .error(error)))]
        case .closed(let reason): return close(reason)
        }
    }

    // MARK: Time

    /// The second at which ``timeReached(_:)`` has something to do next.
    var nextDue: Int? {
        [connectDue, pingDue, pongDue, expiryDue, drainDue].compactMap(\.self).min()
    }

    mutating func drain(at second: Int) { drainDue = second }

    mutating func timeReached(_ second: Int) -> [SessionAction] {
        guard !isClosed else { return [] }
        if let drainDue, drainDue <= second { return close(.shutdown) }
        if let connectDue, connectDue <= second {
            // A client must not stay away for ever because the server was slow.
            if case .connecting = phase { return close(.internalError) }
            return close(.stale)
        }
        if let expiryDue, expiryDue <= second { return close(.connectionExpired) }
        if let pongDue, pongDue <= second { return close(.noPong) }
        guard let due = pingDue, due <= second else { return [] }
        pingDue = second + settings.pingSeconds
        pongDue = second + settings.pongSeconds
        return [.ping]
    }

    // MARK: The end

    /// The connection is gone, or has to go.
    mutating func close(_ reason: Disconnect) -> [SessionAction] {
        guard !isClosed else { return [] }
        phase = .closed
        memberships.removeAll()
        waiting.removeAll()
        connectDue = nil
        pingDue = nil
        pongDue = nil
        expiryDue = nil
        drainDue = nil
        return [.close(reason)]
    }
}
