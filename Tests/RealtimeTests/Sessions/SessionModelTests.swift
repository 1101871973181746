import Core
import SeededRandom
import Testing
import Wire

@testable import Realtime

@Suite struct SessionModelTests {
    @Test(arguments: 0..<200)
    func `whatever a client asks and whenever it is answered, the protocol's promises hold`(seed: Int) {
        var model = SessionModel(seed: UInt64(seed))
        for _ in 0..<150 where model.complaint == nil { model.takeStep() }
        if model.complaint == nil { model.comeToRest() }
        #expect(model.complaint == nil, "seed \(seed)")
    }
}

/// A session whose questions are answered in any order, and a client that keeps count of what it was promised.
private struct SessionModel {
    private static let channels = ["a", "b", "c"]

    private var random: SplitMix64
    private var state: SessionState
    private var second = 0
    private var lastID: UInt32 = 0
    private var offset: UInt64 = 0

    /// Commands without an answer yet, and those that wait in a channel's order.
    private var unanswered: Set<UInt32> = []
    private var orderOfChannel: [String: [UInt32]] = [:]
    private var publications: [String: [UInt32]] = [:]
    /// What the session has asked for.
    private var questions: [SessionAction] = []
    /// What the session watches, and what the client believes to be subscribed to.
    private var joined: Set<String> = []
    private var believed: Set<String> = []
    private var channelOfCommand: [UInt32: String] = [:]
    private var hasClosed = false
    private(set) var complaint: String?

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        var settings = HubSettings()
        settings.pingSeconds = 100_000
        settings.commandsBurst = 10_000
        settings.subscriptionsBurst = 10_000
        settings.waitingCommandsMax = 10_000
        settings.callsInFlightMax = 3
        settings.historyReadsMax = 2
        settings.channelsMax = 3
        settings.random = { $0.lowerBound }
        state = SessionState(client: "c", settings: SharedSettings(settings), at: 0)
        send(.connect(ConnectRequest(token: "ana")))
    }

    // MARK: Steps

    mutating func takeStep() {
        let channel = Self.channels.randomElement(using: &random) ?? "a"
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<4: send(.subscribe(SubscribeRequest(channel: channel)), on: channel)
        case 4..<6: send(.unsubscribe(UnsubscribeRequest(channel: channel)), on: channel)
        case 6: send(.history(HistoryRequest(channel: channel, limit: 1)))
        case 7: send(.publish(PublishRequest(channel: channel, data: RawJSON("1"))), publishingTo: channel)
        case 8: send(.rpc(RPCRequest(method: "m")))
        case 9: send(.presence(PresenceRequest(channel: channel)))
        case 10: send(.subRefresh(SubRefreshRequest(channel: channel, token: "t")))
        case 11: perform(state.serverUnsubscribed(from: channel, .server))
        case 12:
            let grant = Admission(grant: ChannelGrant(options: .chat), ttlSeconds: 1_000)
            perform(state.serverSubscribed(to: channel, grant, since: nil, at: second))
        case 13:
            guard state.memberships[channel]?.isLive == true else { return }
            // As the shard does: it has forgotten the subscription.
            joined.remove(channel)
            perform(state.lost(channel))
        case 14:
            second += Int.random(in: 0..<20, using: &random)
            if let due = state.nextDue, due <= second { perform(state.timeReached(second)) }
        default: answerSomething()
        }
    }

    /// Every question is answered; then every command must be.
    mutating func comeToRest() {
        var rounds = 0
        while !questions.isEmpty, complaint == nil {
            answerSomething()
            rounds += 1
            if rounds > 10_000 { complaint = "never comes to rest" }
        }
        guard !hasClosed, complaint == nil else { return }
        if !unanswered.isEmpty { complaint = "never answered: \(unanswered.sorted())" }
        if joined != believed { complaint = "watches \(joined), the client believes \(believed)" }
        if joined != Set(state.memberships.all.map(\.channel)) { complaint = "the session's own books are wrong" }
        if state.waitingCount != 0 { complaint = "\(state.waitingCount) commands still wait" }
        if state.callsInFlight != 0 || state.historyReads != 0 || !state.publishing.isEmpty { complaint = "something is still under way" }
    }

    private mutating func send(_ request: Command.Request, on channel: String? = nil, publishingTo published: String? = nil) {
        lastID += 1
        if !hasClosed {
            unanswered.insert(lastID)
            if let channel {
                orderOfChannel[channel, default: []].append(lastID)
                channelOfCommand[lastID] = channel
            }
            if let published { publications[published, default: []].append(lastID) }
        }
        perform(state.received(Command(id: lastID, request: request), at: second))
    }

    // MARK: Answers

    private mutating func answerSomething() {
        guard let index = questions.indices.randomElement(using: &random) else { return }
        let question = questions.remove(at: index)
        let isGood = Int.random(in: 0..<4, using: &random) > 0
        let grant = ChannelGrant(options: .chat)
        switch question {
        case .connect:
            let channels = ["a": Admission(grant: grant, ttlSeconds: nil)]
            perform(state.authenticated(.accepted(Principal(user: "ana"), ttlSeconds: nil, channels: channels), at: second))
        case .admit(let request):
            let ttl = Bool.random(using: &random) ? nil : 30
            perform(
                state.admitted(
                    to: request.channel,
                    isGood ? .success(Admission(grant: grant, ttlSeconds: ttl)) : .failure(.error(.permissionDenied)), at: second))
        case .join(let channel, _, _):
            guard joined.contains(channel) else { return }
            offset += 1
            let start = StreamStart(top: StreamPosition(epoch: "e", offset: offset), recovery: .fresh)
            if isGood || isConnecting {
                perform(state.joined(channel, at: start, second: second))
            } else {
                joined.remove(channel)
                perform(state.joinFailed(channel, at: second))
            }
        case .readHistory(let id, let request):
            let page = LogPage(top: StreamPosition(epoch: "e", offset: offset), entries: [])
            perform(state.historyRead(id: id, request, isGood ? page : nil))
        case .publish: perform(state.published(isGood ? .success(()) : .failure(.error(.permissionDenied))))
        case .call(let id, _): perform(state.called(id: id, isGood ? .success(RPCResult()) : .failure(.error(.methodNotFound))))
        case .refreshSubscription(let id, let request):
            let answer: Result<Admission, AccessRefusal> =
                isGood ? .success(Admission(grant: grant, ttlSeconds: 30)) : .failure(.error(.permissionDenied))
            perform(state.subscriptionRefreshed(request.channel, id, answer, at: second))
        default: break
        }
    }

    private var isConnecting: Bool {
        if case .connecting = state.phase { true } else { false }
    }

    // MARK: What the session does

    private mutating func perform(_ actions: [SessionAction]) {
        for action in actions where complaint == nil {
            if hasClosed { complaint = "\(action) after the end" }
            switch action {
            case .reply(let reply): received(reply)
            case .push(let push): received(push)
            case .join(let channel, _, _):
                if !joined.insert(channel).inserted { complaint = "watches \(channel) twice" }
                questions.append(action)
            case .leave(let channel):
                joined.remove(channel)
                // The shard answers nobody who has left.
                questions.removeAll { if case .join(channel, _, _) = $0 { true } else { false } }
            case .appear(let channel, _, _): if !joined.contains(channel) { complaint = "shown in \(channel), which it does not watch" }
            case .presence(let id, _), .presenceStats(let id, _): answered(id)
            case .close(let reason):
                hasClosed = true
                // A subscription of the server's choice is lost or expires, a client has misunderstood, or the connect command was slow.
                if ![.insufficientState, .subscriptionExpired, .badRequest, .internalError].contains(reason) {
                    complaint = "closed: \(reason.reason)"
                }
            case .ping: break
            default: questions.append(action)
            }
        }
    }

    private mutating func answered(_ id: UInt32) {
        if unanswered.remove(id) == nil { complaint = "\(id) was answered twice" }
    }

    private mutating func received(_ reply: Reply) {
        answered(reply.id)
        for (channel, order) in orderOfChannel where order.contains(reply.id) {
            if order.first != reply.id { complaint = "\(reply.id) overtakes \(order[0]) on \(channel)" }
            orderOfChannel[channel] = Array(order.dropFirst())
        }
        switch reply.body {
        case .connect(let result): believed.formUnion(result.subs.keys)
        case .subscribe: if let channel = channelOfCommand[reply.id] { believed.insert(channel) }
        case .unsubscribe: if let channel = channelOfCommand[reply.id] { believed.remove(channel) }
        case .publish:
            guard let channel = publications.first(where: { $0.value.contains(reply.id) })?.key,
                let index = publications[channel]?.firstIndex(of: reply.id)
            else { return complaint = "a publication overtakes another" }
            publications[channel]?.removeFirst(index + 1)
        default: break
        }
    }

    private mutating func received(_ push: Push) {
        switch push.body {
        case .subscribe: believed.insert(push.channel)
        case .unsubscribe:
            if !believed.contains(push.channel) { complaint = "the end of \(push.channel) comes before its beginning" }
            believed.remove(push.channel)
        default: break
        }
    }
}
