import Core
import DequeModule
import Wire

/// The Centrifuge client protocol, version 2, from the server's side, as a pure state machine: commands, answers and seconds go in, actions
/// come out. The protocol's own rules are all here; what bytes look like, where answers come from and who else is connected is not.
///
/// Commands are obeyed in the order they came. What follows a connect command waits for it, and commands for one channel wait for each
/// other: a client that subscribes, unsubscribes and subscribes again in one breath ends up subscribed once. Publications are
/// made one after the other. Calls and messages are answered in their own time.
///
/// What the parts of the protocol ask for is in the extensions, one file each.
struct SessionState {
    enum Phase {
        case new
        /// Its token is being proven, or the channels are being joined that the server subscribes it to.
        indirect case connecting(Opening)
        case connected
        /// The connect command was answered with an error: the client is expected to leave.
        ///
        /// - Parameter held: the answer, where it does not go at once.
        case refused(held: [SessionAction])
        case closed
    }

    /// Names the connection to others.
    let client: String
    /// The secret that names the connection to whoever sends commands for it by another way.
    let secret: String
    let mode: SessionMode
    let settings: SharedSettings
    var phase = Phase.new
    var principal: Principal?
    var memberships = Memberships()
    /// Commands that wait for the connect command or an earlier one for their channel.
    var waitingCount = 0
    private var commands: CommandBudget
    var subscriptions: CommandBudget
    var refreshID: UInt32?
    var historyReads = 0
    var callsInFlight = 0
    var publishing = Deque<UnpublishedCommand>()
    var dues = SessionDues()

    init(client: String, secret: String = "", mode: SessionMode = .bidirectional, settings: SharedSettings, at second: Int) {
        self.client = client
        self.secret = secret
        self.mode = mode
        self.settings = settings
        commands = CommandBudget(settings.commandRate, at: second)
        subscriptions = CommandBudget(settings.subscriptionRate, at: second)
        dues.connect = second + settings.connectSeconds
    }

    var isClosed: Bool {
        if case .closed = phase { true } else { false }
    }

    var isConnected: Bool {
        if case .connected = phase { true } else { false }
    }

    // MARK: Commands

    mutating func received(_ command: Command, at second: Int) -> [SessionAction] {
        guard !isClosed else { return [] }
        guard commands.take(settings.commandRate, at: second) else { return [.limitHit(.commands)] + close(.tooManyRequests) }
        guard command.request != .pong else {
            guard dues.pong != nil else { return close(.badRequest) }
            dues.pong = nil
            return []
        }
        switch phase {
        case .new:
            guard case .connect(let request) = command.request else { return close(.badRequest) }
            phase = .connecting(Opening(id: command.id, request: request))
            return [.connect(request)]
        case .connecting(var opening):
            guard waitingCount < settings.waitingCommandsMax else { return [.limitHit(.waitingCommands)] + close(.tooManyRequests) }
            waitingCount += 1
            opening.waiting.append(command)
            phase = .connecting(opening)
            return []
        case .connected: return mode == .unidirectional ? close(.badRequest) : obey(command, at: second)
        case .refused: return close(.badRequest)
        case .closed: return []
        }
    }

    mutating func obey(_ command: Command, at second: Int) -> [SessionAction] {
        let id = command.id
        if let channel = command.request.channel, let waits = waitIfPending(channel, command) { return waits }
        switch command.request {
        case .connect, .pong: return close(.badRequest)
        case .subscribe(let request): return subscribe(request, id, at: second)
        case .unsubscribe(let request): return unsubscribe(request, id)
        case .publish(let request): return publish(request, id)
        case .presence(let request): return presence(request.channel, id, .presence(id: id, channel: request.channel))
        case .presenceStats(let request): return presence(request.channel, id, .presenceStats(id: id, channel: request.channel))
        case .history(let request): return readHistory(request, id)
        case .refresh(let request): return refresh(request, id)
        case .subRefresh(let request): return refreshSubscription(request, id)
        case .rpc(let request): return call(request, id)
        case .send(let request): return pass(request)
        // The server pings, clients don't.
        case .ping: return [error(.notAvailable, id)]
        }
    }

    /// Nil when the channel is not busy.
    private mutating func waitIfPending(_ channel: String, _ command: Command) -> [SessionAction]? {
        guard memberships[channel]?.pending != nil else { return nil }
        guard waitingCount < settings.waitingCommandsMax else { return [.limitHit(.waitingCommands)] + close(.tooManyRequests) }
        waitingCount += 1
        memberships[channel]?.pending?.waiting.append(command)
        return []
    }

    func error(_ error: ProtocolError, _ id: UInt32) -> SessionAction { .reply(Reply(id: id, body: .error(error))) }

    // MARK: Time

    /// The second at which ``timeReached(_:)`` has something to do next.
    var nextDue: Int? {
        guard let expiry = memberships.nextExpiry else { return dues.next }
        return min(expiry, dues.next ?? .max)
    }

    mutating func drain(at second: Int) { dues.drain = second }

    mutating func timeReached(_ second: Int) -> [SessionAction] {
        guard !isClosed else { return [] }
        if let due = dues.drain, due <= second { return close(.shutdown) }
        if let due = dues.connect, due <= second {
            // A client must not stay away for ever because the server was slow.
            if case .connecting = phase { return close(.internalError) }
            if case .refused(let held) = phase, !held.isEmpty { return tellRefusal(held, at: second) }
            return close(.stale)
        }
        if let due = dues.expiry, due <= second { return close(.connectionExpired) }
        if let due = dues.pong, due <= second { return close(.noPong) }
        let ended = expireSubscriptions(at: second)
        guard !isClosed, let due = dues.ping, due <= second else { return ended }
        dues.ping = second + settings.pingSeconds
        if mode.expectsPong { dues.pong = second + settings.pongSeconds }
        return ended + [.ping]
    }

    // MARK: The end

    /// The connection is gone, or has to go.
    mutating func close(_ reason: Disconnect) -> [SessionAction] {
        guard !isClosed else { return [] }
        phase = .closed
        memberships.removeAll()
        publishing = []
        dues = SessionDues()
        return [.close(reason)]
    }
}

/// The seconds at which something is due in a session.
struct SessionDues {
    var connect: Int?
    var ping: Int?
    var pong: Int?
    var expiry: Int?
    var drain: Int?

    var next: Int? { [connect, ping, pong, expiry, drain].compactMap(\.self).min() }
}

extension Command.Request {
    /// The channel a command is about, which it waits for while a subscription to it is on its way.
    fileprivate var channel: String? {
        switch self {
        case .subscribe(let request): request.channel
        case .unsubscribe(let request): request.channel
        case .publish(let request): request.channel
        case .presence(let request): request.channel
        case .presenceStats(let request): request.channel
        case .history(let request): request.channel
        case .subRefresh(let request): request.channel
        case .connect, .ping, .send, .rpc, .refresh, .pong: nil
        }
    }
}
