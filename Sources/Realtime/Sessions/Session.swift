import Core
import NIOCore
import Wire

/// One connection that speaks the Centrifuge client protocol, over any transport. Bound to the connection's event loop.
///
/// It carries out what ``SessionState`` decides; messages that come of one step leave in one frame.
public final class Session {
    private let shard: HubShard
    private let codec: any ClientCodec
    private let outbox: Outbox
    private let alarm = Alarm()
    private var state: SessionState
    private var subscriptions: [String: Subscription] = [:]
    /// Who the shard knows it by.
    private var signedInUser: UserID?

    /// Messages of the step that is under way. Steps can nest, as some answers come at once.
    private var frame: [UInt8] = []
    private var frameMessages = 0
    private var depth = 0
    private var hasEnded = false

    init(shard: HubShard, transport: any SessionTransport, codec: any ClientCodec, format: PublicationFormat) {
        self.shard = shard
        self.codec = codec
        outbox = Outbox(transport: transport, format: format)
        state = SessionState(client: ConnectionName.client(), settings: shard.settings, at: shard.now)
        shard.add(self)
        alarm.action = { [weak self] in self?.step { $0.timeReached($1) } }
        if shard.ledger.isDraining {
            close(.shutdown)
        } else {
            setAlarm()
        }
    }

    /// A frame has arrived: one or more commands. The bytes are not kept.
    public func received(_ bytes: UnsafeRawBufferPointer) {
        do throws(FrameError) {
            let commands = try codec.decode(bytes)
            inOneFrame {
                for command in commands where !state.isClosed { step { $0.received(command, at: $1) } }
            }
        } catch {
            close(.badRequest)
        }
    }

    /// The transport is gone; nothing may be sent any more.
    public func transportClosed() {
        outbox.close(nil)
        _ = state.close(.normal)
        end()
    }

    // MARK: Steps

    private func step(_ advance: (inout SessionState, _ second: Int) -> [SessionAction]) {
        let actions = advance(&state, shard.now)
        inOneFrame {
            // A step inside of this one may have ended the session.
            for action in actions where !hasEnded { perform(action) }
        }
        setAlarm()
    }

    private func perform(_ action: SessionAction) {
        switch action {
        case .reply(let reply): message { codec.append(reply, to: &$0) }
        case .push(let push): message { codec.append(push, to: &$0) }
        case .ping: message { codec.appendPing(to: &$0) }
        case .authenticate(let token): authenticate(token) { $0.authenticated($1, at: $2) }
        case .reauthenticate(let token): authenticate(token) { $0.refreshed($1, at: $2) }
        case .admit(let channel): admit(to: channel)
        case .join(let channel, let since): join(channel, since)
        case .leave(let channel): leave(channel)
        case .readHistory(let id, let request): readHistory(id, request)
        case .close(let reason):
            sendFrame()
            outbox.close(reason)
            end()
        }
    }

    private func setAlarm() {
        guard let due = state.nextDue else { return shard.cancel(alarm) }
        if alarm.due != due { shard.set(alarm, at: due) }
    }

    private func end() {
        hasEnded = true
        for subscription in subscriptions.values { shard.unsubscribe(subscription) }
        subscriptions.removeAll()
        shard.cancel(alarm)
        shard.remove(self, user: signedInUser)
    }

    // MARK: Messages

    private func inOneFrame(_ body: () -> Void) {
        depth += 1
        body()
        depth -= 1
        if depth == 0 { sendFrame() }
    }

    private func message(_ append: (inout [UInt8]) -> Void) {
        append(&frame)
        frameMessages += 1
        if frameMessages >= shard.settings.messagesPerFrameMax { sendFrame() }
    }

    private func sendFrame() {
        guard frameMessages > 0 else { return }
        let message = frame
        // Given away, not kept: an idle connection holds no buffer.
        frame = []
        frameMessages = 0
        outbox.send(message: message)
        shard.observe(outbox)
    }

    // MARK: Tokens

    private func authenticate(_ token: String, _ answer: @escaping (inout SessionState, TokenDecision, Int) -> [SessionAction]) {
        let authenticator = shard.authenticator
        shard.tasks.run { () -> TokenResult in
            do {
                return .caller(try await authenticator.authenticate(token: token))
            } catch let error as AuthenticationError {
                return .refused(error)
            } catch {
                return .unavailable
            }
        } then: { [self] result in
            guard !state.isClosed else { return }
            let decision = decide(result)
            step { answer(&$0, decision, $1) }
        }
    }

    private enum TokenResult {
        case caller(SignedInCaller)
        case refused(AuthenticationError)
        case unavailable
    }

    private func decide(_ result: TokenResult) -> TokenDecision {
        switch result {
        case .caller(let caller):
            // The sign-in may have ended while the token was looked at; what ends after this finds the connection by its user.
            guard shard.authenticator.isStillValid(caller) else { return .closed(.invalidToken) }
            guard !shard.ledger.isDraining else { return .closed(.shutdown) }
            let ttl = Int(clamping: caller.expiresAt.seconds(since: shard.time.now))
            if signedInUser == nil {
                guard ttl > 0 else { return .expired }
                guard shard.signIn(self, as: caller.userID) else { return .closed(.connectionLimit) }
                signedInUser = caller.userID
            }
            return .accepted(caller, ttlSeconds: ttl)
        case .refused(.expired): return .expired
        case .refused(.invalid), .refused(.ended): return .closed(.invalidToken)
        case .unavailable: return .refused(.internalError)
        }
    }

    // MARK: Channels

    private func admit(to channel: String) {
        guard let caller = state.caller else { return }
        let policy = shard.policy
        shard.tasks.run { () -> ProtocolError? in
            do throws(ProtocolError) {
                try await policy.admit(caller, to: channel)
                return nil
            } catch {
                return error
            }
        } then: { [self] refusal in
            step { $0.admitted(to: channel, refusal: refusal, at: $1) }
        }
    }

    private func join(_ channel: String, _ since: StreamPosition?) {
        let subscription = shard.subscribe(self, outbox, to: channel)
        subscriptions[channel] = subscription
        shard.begin(subscription, since: since)
    }

    private func leave(_ channel: String) {
        guard let subscription = subscriptions.removeValue(forKey: channel) else { return }
        shard.unsubscribe(subscription)
    }

    private func readHistory(_ id: UInt32, _ request: HistoryRequest) {
        let log = shard.log
        shard.tasks.run {
            try? await log.read(channel: request.channel, after: request.since?.offset, limit: request.limit, reverse: request.reverse)
        } then: { [self] page in
            step { state, _ in state.historyRead(id: id, request, page) }
        }
    }
}

extension Session: HubConnection {
    var caller: SignedInCaller? { state.caller }

    func close(_ reason: Disconnect) { step { state, _ in state.close(reason) } }

    func drain(at second: Int) {
        state.drain(at: second)
        setAlarm()
    }
}

extension Session: Subscriber {
    func started(_ subscription: Subscription, at start: StreamStart) {
        step { $0.joined(subscription.channel.name, at: start, second: $1) }
    }

    func failed(_ subscription: Subscription) {
        subscriptions[subscription.channel.name] = nil
        step { $0.joinFailed(subscription.channel.name, at: $1) }
    }

    func lost(_ subscription: Subscription) {
        subscriptions[subscription.channel.name] = nil
        step { state, _ in state.lost(subscription.channel.name) }
    }
}

@available(*, unavailable)
extension Session: Sendable {}
