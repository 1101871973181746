import Core
import NIOCore
import NIOPosix
import Testing
import Wire

@testable import Realtime

@Suite struct ManyLoopsTests {
    private static let venue = "calendar:venue:1"
    private static let eventCount: UInt64 = 3_000

    /// Follows one channel from wherever it gets in, and says when it has the last event.
    private final class Follower: SessionTransport {
        var session: Session?
        var onWritable: (() -> Void)?
        private var position: UInt64?
        private let done: EventLoopPromise<Void>

        init(done: EventLoopPromise<Void>) { self.done = done }

        struct Gap: Error {}

        private func apply(_ publications: [Publication], from start: UInt64) {
            var offset = start
            for publication in publications {
                guard publication.offset == offset + 1 else { return done.fail(Gap()) }
                offset = publication.offset
            }
            position = offset
            if offset == eventCount { done.succeed() }
        }

        private func receive(_ bytes: [UInt8]) {
            let messages = bytes.withUnsafeBytes { try? JSONClientCodec().decode($0) }
            for message in messages ?? [] {
                switch message {
                case .reply(let reply):
                    if case .subscribe(let result) = reply.body { apply(result.publications, from: result.offset) }
                case .push(let push):
                    if case .publication(let publication) = push.body { apply([publication], from: position ?? 0) }
                case .ping: break
                }
            }
        }

        var queuedBytes: Int { 0 }
        func send(message: [UInt8]) { receive(message) }
        func send(frame: ByteBuffer) { receive(Array(frame.readableBytesView)) }
        func sendPing(_ message: [UInt8]?) {}
        func flush() {}
        func tick(now: NIODeadline) {}
        func close(_ reason: Disconnect) { done.fail(reason) }
    }

    @Test(.timeLimit(.minutes(5)))
    func `followers on several loops see every event in order while another thread commits`() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 3)
        let (log, tokens) = (MemoryLog(), TokenTable())
        let caller = SignedInCaller(
            userID: UserID(1), role: .employee, sessionID: SessionID(1), issuedAt: TestTime().now,
            expiresAt: TestTime().now.advanced(bySeconds: 900)
        )
        tokens.set("token", .caller(caller))
        var api = API(surface: Surface(name: "test"))
        api.allowWatching("calendar:venue") { _, _ in true }
        // Small bounds, so that overflow, gaps and the log take part.
        var settings = HubSettings()
        settings.inboxBytesMax = 20_000
        settings.deliveriesPerTurnMax = 3
        let services = HubServices(
            log: log, access: AccountAccess(authenticator: tokens, policy: RegisteredSubscriptionPolicy(rules: api.watchRules)),
            time: TestTime()
        )
        let hub = Hub(eventLoops: Array(group.makeIterator()), services: services, settings: settings)
        let relay = EventRelay(hub: hub)

        let writer = Task.detached {
            for number in 1...Self.eventCount { relay.committed([log.append("\(number)", to: Self.venue)]) }
        }
        var ends: [EventLoopFuture<Void>] = []
        var followers: [NIOLoopBound<Follower>] = []
        for (index, loop) in Array(group.makeIterator()).flatMap({ [$0, $0, $0] }).enumerated() {
            let done = loop.makePromise(of: Void.self)
            ends.append(done.futureResult)
            let follower = try await loop.submit {
                let follower = Follower(done: done)
                let session = hub.openSession(on: loop, transport: follower, codec: JSONCodec(), format: .plainJSON)
                follower.session = session
                let frame = JSONClientCodec().encode([
                    Command(id: 1, request: .connect(ConnectRequest(token: "token"))),
                    // Some want everything from the beginning, and begin at the top where that is too much.
                    Command(id: 2, request: .subscribe(SubscribeRequest(channel: Self.venue, recover: index % 2 == 0))),
                ])
                frame.withUnsafeBytes { session?.received($0) }
                return NIOLoopBound(follower, eventLoop: loop)
            }.get()
            followers.append(follower)
        }
        await writer.value
        for end in ends { try await end.get() }
        for follower in followers {
            try await follower.eventLoop.submit { follower.value.session?.transportClosed() }.get()
        }
        #expect(hub.connectionCount == 0)
        try await group.shutdownGracefully()
    }
}
