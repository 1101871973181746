import Core
import NIOCore
import Wire

/// One connection that speaks the Centrifuge client protocol, over any transport. Bound to the connection's event loop.
///
/// It carries out what ``SessionState`` decides; messages that come of one step leave in one frame.
public final class Session {
    let shard: HubShard
    var source: ConnectionSource
    let outbox: Outbox
    var state: SessionState
    /// Few, so they are looked through.
    var subscriptions: [Subscription] = []
    /// Channels that are resumed one after the other.
    var recoveries = RecoveryQueue()
    /// What the user's connections may do together, once it is known who that is.
    private var userBudget: UserBudget?
    /// Who the shard knows it by.
    private(set) var signedInUser: String?
    private let codec: any ClientCodec
    private let alarm = Alarm()

    /// Messages of the step that is under way. Steps can nest, as some answers come at once.
    private var frame: [UInt8] = []
    private var frameMessages = 0
    private var depth = 0
    private var hasEnded = false
    /// By its address.
    private var isCounted = false

    init(
        shard: HubShard, transport: any SessionTransport, codec: any ClientCodec, format: PublicationFormat, source: ConnectionSource,
        mode: SessionMode
    ) {
        self.shard = shard
        self.codec = codec
        self.source = source
        outbox = Outbox(transport: transport, format: format)
        state = SessionState(
            client: ConnectionName.client(), secret: ConnectionName.session(), mode: mode, settings: shard.sharedSettings, at: shard.present
        )
        isCounted = shard.add(self, from: source.address)
        alarm.action = { [weak self] in self?.step { $0.timeReached($1) } }
        if shard.ledger.isDraining {
            close(.shutdown)
        } else if !isCounted {
            close(.connectionLimit)
        } else {
            setAlarm()
        }
    }

    /// Names the connection to the requests that carry its commands (protocol A.9). Whoever knows it acts as the connection.
    public var secret: String { state.secret }

    /// A frame has arrived: one or more commands. The bytes are not kept.
    public func received(_ bytes: UnsafeRawBufferPointer) {
        do throws(FrameError) {
            let commands = try codec.decode(bytes)
            inOneFrame {
                for command in commands where !state.isClosed { received(command) }
            }
        } catch {
            close(.badRequest)
        }
    }

    private func received(_ command: Command) {
        guard userBudget?.take(at: shard.now) ?? true else {
            shard.figures.hit(.userCommands)
            return close(.tooManyRequests)
        }
        step { $0.received(command, at: $1) }
    }

    /// The transport is gone; nothing may be sent any more.
    ///
    /// - Parameter reason: why, where the transport has closed by itself.
    public func transportClosed(_ reason: Disconnect? = nil) {
        guard !hasEnded else { return }
        if let reason { shard.figures.closed(reason) }
        outbox.close(nil)
        _ = state.close(.normal)
        end(mayReturn: true)
    }

    // MARK: Steps

    func step(_ advance: (inout SessionState, _ second: Int) -> [SessionAction]) {
        let actions = advance(&state, shard.now)
        inOneFrame {
            // A step inside of this one may have ended the session.
            for action in actions where !hasEnded { perform(action) }
        }
        setAlarm()
    }

    private func perform(_ action: SessionAction) {
        switch action {
        case .reply(let reply): send(reply)
        case .push(let push): message { codec.append(push, to: &$0) }
        case .ping: ping()
        case .connect(let request): connect(request)
        case .reauthenticate(let token): refresh(token)
        case .admit(let request): admit(request)
        case .join(let channel, let since, let traits): join(channel, since, traits)
        case .appear(let channel, let info, let options): appear(in: channel, info, options)
        case .leave(let channel): leave(channel)
        case .refreshSubscription(let id, let request): refreshSubscription(id, request)
        case .readHistory(let id, let request): readHistory(id, request)
        case .presence(let id, let channel): presence(id, channel)
        case .presenceStats(let id, let channel): presenceStats(id, channel)
        case .publish(let request, let info, let options): publish(request, info, options)
        case .call(let id, let request): call(id, request)
        case .message(let request): pass(request)
        case .limitHit(let limit): shard.figures.hit(limit)
        case .close(let reason):
            sendFrame()
            shard.figures.closed(reason)
            outbox.close(reason)
            end(mayReturn: !reason.isTerminal)
        }
    }

    private func setAlarm() {
        guard let due = state.nextDue else { return shard.cancel(alarm) }
        if alarm.due != due { shard.set(alarm, at: due) }
    }

    /// - Parameter mayReturn: the user may be back in a moment, so others need not hear that it has left.
    private func end(mayReturn: Bool) {
        guard !hasEnded else { return }
        hasEnded = true
        for subscription in subscriptions {
            disappear(from: subscription, mayReturn: mayReturn)
            shard.unsubscribe(subscription)
        }
        subscriptions = []
        recoveries = RecoveryQueue()
        shard.cancel(alarm)
        shard.remove(self, user: signedInUser, address: isCounted ? source.address : nil)
    }

    /// - Parameter elsewhere: how many connections the user has on other nodes.
    /// - Returns: false when the user has too many connections.
    func signIn(as user: String, elsewhere: Int) -> Bool {
        guard let budget = shard.signIn(self, as: user, elsewhere: elsewhere) else { return false }
        signedInUser = user
        // People who can't be told apart share no budget.
        if !user.isEmpty { userBudget = budget }
        return true
    }

    // MARK: Messages

    func inOneFrame(_ body: () -> Void) {
        depth += 1
        body()
        depth -= 1
        if depth == 0 { sendFrame() }
    }

    func send(_ reply: Reply) {
        message { bytes in
            let begin = bytes.count
            codec.append(codec.withDeltas(reply), to: &bytes)
            guard bytes.count - begin > shard.settings.replyBytesMax, reply.body.canBeRefused else { return }
            // It would never fit, and close the connection each time the client asks again.
            bytes.removeSubrange(begin...)
            codec.append(Reply(id: reply.id, body: .error(.limitExceeded)), to: &bytes)
            shard.figures.hit(.replyBytes)
        }
    }

    private func ping() {
        var message: [UInt8]?
        if state.mode != .framePings {
            var bytes: [UInt8] = []
            codec.appendPing(to: &bytes)
            message = bytes
        }
        outbox.sendPing(message)
        outbox.flush()
        shard.observe(outbox)
    }

    /// What the peer has not taken yet.
    var unsentBytes: Int { frame.count + outbox.queuedBytes }

    private func message(_ append: (inout [UInt8]) -> Void) {
        append(&frame)
        frameMessages += 1
        if frameMessages >= shard.settings.messagesPerFrameMax || frame.count >= HubSettings.frameBytes { sendFrame() }
    }

    func sendFrame() {
        guard frameMessages > 0 else { return }
        let message = frame
        // Given away, not kept: an idle connection holds no buffer.
        frame = []
        frameMessages = 0
        outbox.send(message: message)
        shard.observe(outbox)
    }
}

extension Session: HubConnection {
    var principal: Principal? { state.principal }

    var client: String { state.client }

    func close(_ reason: Disconnect) { step { state, _ in state.close(reason) } }

    func drain(at second: Int) {
        state.drain(at: second)
        setAlarm()
    }

    func subscribe(to channel: String, _ grant: ChannelGrant, since: StreamPosition?) {
        let admission = admission(grant)
        step { $0.serverSubscribed(to: channel, admission, since: since, at: $1) }
    }

    func unsubscribe(from channel: String, _ reason: Unsubscription) {
        step { state, _ in state.serverUnsubscribed(from: channel, reason) }
    }

    func refresh(expiresAt: Instant?) {
        let ttl = expiresAt.map(secondsLeft)
        step { $0.serverRefreshed(ttlSeconds: ttl, at: $1) }
    }
}

extension Reply.Body {
    /// Answers whose size is somebody else's choice. The session sees to it that all others are small enough.
    fileprivate var canBeRefused: Bool {
        switch self {
        case .rpc, .presence: true
        default: false
        }
    }
}

@available(*, unavailable)
extension Session: Sendable {}
