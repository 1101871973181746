import Core
import NIOCore
import NIOEmbedded
import Synchronization
import Wire

@testable import Realtime

/// A hub on one event loop whose time a test moves, with a log, tokens and rules of the test's own.
final class Stage: Sendable {
    let loop = NIOAsyncTestingEventLoop()
    let log = MemoryLog()
    let tokens = TokenTable()
    let time = TestTime()
    let hub: Hub
    let relay: EventRelay
    /// What decides in place of the accounts, where something does.
    let access: TestAccess?

    /// Asked for every channel but the personal ones.
    typealias Rule = @Sendable (_ id: Int64, _ caller: SignedInCaller) async throws -> Bool

    init(_ settings: HubSettings = HubSettings(), rule: @escaping Rule = { id, _ in id != 13 }) {
        var api = API(surface: Surface(name: "test"))
        api.allowWatching("calendar:venue", when: rule)
        let policy = RegisteredSubscriptionPolicy(rules: api.watchRules)
        let services = HubServices(log: log, access: AccountAccess(authenticator: tokens, policy: policy), time: time)
        access = nil
        hub = Hub(eventLoops: [loop], services: services, settings: Self.repeatable(settings))
        relay = EventRelay(hub: hub)
        relay.observe(SystemChannel.revocations, Revocation.self) { [tokens] in tokens.revoke($0) }
        for user in 1...3 { tokens.set("token-\(user)", .caller(caller(user: Int64(user)))) }
    }

    /// With access of the test's own in place of the accounts.
    init(_ settings: HubSettings = HubSettings(), _ rules: TestAccess.Rules) {
        let access = TestAccess(rules)
        self.access = access
        let services = HubServices(log: log, access: access, time: time)
        hub = Hub(eventLoops: [loop], services: services, settings: Self.repeatable(settings))
        relay = EventRelay(hub: hub)
    }

    convenience init(_ rules: TestAccess.Rules) { self.init(HubSettings(), rules) }

    private static func repeatable(_ settings: HubSettings) -> HubSettings {
        var settings = settings
        settings.random = { $0.lowerBound }
        settings.node = "node-1"
        return settings
    }

    func caller(user: Int64, session: Int64? = nil, ttlSeconds: Int64 = 900) -> SignedInCaller {
        SignedInCaller(
            userID: UserID(user), role: .employee, sessionID: SessionID(session ?? user * 10), issuedAt: time.now,
            expiresAt: time.now.advanced(bySeconds: ttlSeconds)
        )
    }

    /// Runs the loop until no work is left, neither on it nor for it.
    func settle() async throws {
        while true {
            await loop.advanceTime(by: .microseconds(20))
            let (running, isBusy) = try await onShard { ($0.tasks.running, $0.isContinuing) }
            guard isBusy || !running.isEmpty else { return }
            for task in running { await task.value }
        }
    }

    func onShard<Value: Sendable>(_ body: @escaping @Sendable (HubShard) throws -> Value) async throws -> Value {
        try await loop.executeInContext { [hub, loop] in
            guard let shard = hub.shard(on: loop) else { throw CancellationError() }
            return try body(shard)
        }
    }

    /// Both clocks move, second by second.
    func advance(bySeconds seconds: Int) async throws {
        for _ in 0..<seconds {
            time.advance(bySeconds: 1)
            await loop.advanceTime(by: .seconds(1))
            try await settle()
        }
    }

    func commit(_ data: [String], to channel: String) async throws {
        relay.committed(data.map { log.append($0, to: channel) })
        try await settle()
    }

    func revocation(_ scope: Revocation.Scope, user: Int64, session: Int64? = nil) throws -> CommittedEvent {
        let revocation = Revocation(scope: scope, userID: UserID(user), sessionID: session.map { SessionID($0) }, at: time.now)
        let envelope = EventEnvelope(type: Revocation.type, id: "evt", at: time.now, data: revocation)
        return log.append(try RawJSON(encoding: envelope).text, to: SystemChannel.revocations.name)
    }

    func revoke(_ scope: Revocation.Scope, user: Int64, session: Int64? = nil) async throws {
        relay.committed([try revocation(scope, user: user, session: session)])
        try await settle()
    }

    /// Runs the loop for as long as something that needs it takes.
    func running<Value: Sendable>(_ body: @escaping @Sendable (Hub) async -> Value) async throws -> Value {
        let isDone = Mutex(false)
        async let value = {
            defer { isDone.withLock { $0 = true } }
            return await body(hub)
        }()
        while !isDone.withLock({ $0 }) {
            await loop.run()
            await Task.yield()
        }
        let result = await value
        try await settle()
        return result
    }

    func order(_ action: HubOrder.Action) async throws {
        try await running { await $0.carryOut(HubOrder(action)) }
    }

    func disconnect(
        _ user: String, client: String? = nil, session: String? = nil, _ reason: Disconnect = .forceNoReconnect, sparing: Set<String> = []
    ) async throws {
        let target = HubTarget(user: user, client: client, session: session)
        try await order(.disconnect(target, code: reason.code, reason: reason.reason, sparing: sparing))
    }

    func peer(_ mode: SessionMode = .bidirectional, from address: String? = nil) async throws -> Peer {
        let wiring = try await loop.executeInContext { [hub, loop] in
            let transport = RecordingTransport()
            let session = hub.openSession(
                on: loop, transport: transport, codec: JSONCodec(direction: mode == .unidirectional ? .down : .both), format: .plainJSON,
                source: ConnectionSource(address: address), mode: mode
            )
            return NIOLoopBound(Peer.Wiring(transport: transport, session: session), eventLoop: loop)
        }
        return Peer(stage: self, wiring: wiring)
    }

    func connectedPeer(user: Int = 1) async throws -> Peer { try await connectedPeer(token: "token-\(user)") }

    func connectedPeer(token: String) async throws -> Peer {
        let peer = try await peer()
        try await peer.send(.connect(ConnectRequest(token: token)))
        _ = try await peer.take()
        return peer
    }
}

/// A client of a ``Stage``.
final class Peer: Sendable {
    final class Wiring {
        let transport: RecordingTransport
        let session: Session?

        init(transport: RecordingTransport, session: Session?) {
            self.transport = transport
            self.session = session
        }
    }

    private let stage: Stage
    private let wiring: NIOLoopBound<Wiring>

    init(stage: Stage, wiring: NIOLoopBound<Wiring>) {
        self.stage = stage
        self.wiring = wiring
    }

    private func inLoop<Value: Sendable>(_ body: @escaping @Sendable (Wiring) -> Value) async throws -> Value {
        try await stage.loop.executeInContext { [wiring] in body(wiring.value) }
    }

    /// Sends these commands in one frame, with ids from 1 on, and lets everything happen that follows.
    func send(_ requests: Command.Request...) async throws {
        let commands = requests.enumerated().map { Command(id: $1.isAnswered ? UInt32($0 + 1) : 0, request: $1) }
        try await send(frame: JSONClientCodec().encode(commands))
    }

    func send(frame: [UInt8]) async throws {
        try await deliver(frame)
        try await stage.settle()
    }

    /// Nothing that takes time happens yet.
    func deliver(_ frame: [UInt8]) async throws {
        try await inLoop { wiring in frame.withUnsafeBytes { wiring.session?.received($0) } }
    }

    func take() async throws -> [ServerMessage] { try await inLoop { $0.transport.take() } }

    /// The bodies of the replies since the last look, by their order; pushes and pings are left out.
    func replies() async throws -> [Reply.Body] {
        try await take().compactMap { if case .reply(let reply) = $0 { reply.body } else { nil } }
    }

    func publications() async throws -> [UInt64] {
        try await take().compactMap { message in
            if case .push(let push) = message, case .publication(let publication) = push.body { publication.offset } else { nil }
        }
    }

    func pushes() async throws -> [Push] {
        try await take().compactMap { if case .push(let push) = $0 { push } else { nil } }
    }

    /// The name of the connection.
    func client() async throws -> String { try await inLoop { $0.session?.state.client ?? "" } }

    func secret() async throws -> String { try await inLoop { $0.session?.secret ?? "" } }

    func pings() async throws -> Int { try await inLoop { $0.transport.pings } }

    func closed() async throws -> Disconnect? { try await inLoop { $0.transport.closed } }

    func frames() async throws -> [String] { try await inLoop { $0.transport.frames } }

    func flushes() async throws -> Int { try await inLoop { $0.transport.flushes } }

    func ticks() async throws -> Int { try await inLoop { $0.transport.ticks } }

    /// From now on the peer reads nothing, until the queue is emptied.
    func getStuck() async throws { try await inLoop { $0.transport.isStuck = true } }

    /// The peer reads what it was sent, and goes on reading nothing.
    ///
    /// - Returns: the most bytes that waited for it so far.
    func readQueue() async throws -> Int {
        try await inLoop {
            $0.transport.queuedBytes = 0
            return $0.transport.queuedBytesHighest
        }
    }

    func setQueuedBytes(_ bytes: Int) async throws { try await inLoop { $0.transport.queuedBytes = bytes } }

    /// The peer has read everything, and the transport says so.
    func drain() async throws {
        try await inLoop { wiring in
            wiring.transport.queuedBytes = 0
            wiring.transport.onWritable?()
        }
    }

    /// The transport gives up, as it does when the peer does not read.
    func slowDown() async throws {
        try await inLoop { $0.session?.transportClosed(.slow) }
        try await stage.settle()
    }

    func hangUp() async throws {
        try await inLoop { $0.session?.transportClosed() }
        try await stage.settle()
    }
}

extension PublicationFormat {
    static let plainJSON = PublicationFormat(.centrifugeJSON, deltaCodec: JSONCodec()) { push in
        var bytes: [UInt8] = []
        JSONCodec().append(push, to: &bytes)
        // Frames may be laid end to end.
        bytes.append(UInt8(ascii: "\n"))
        return ByteBuffer(bytes: bytes)
    }

    static let plainNotification = PublicationFormat(.notification) { push in
        if case .publication(let publication) = push.body {
            ByteBuffer(bytes: publication.data.bytes + [UInt8(ascii: "\n")])
        } else {
            ByteBuffer()
        }
    }
}
