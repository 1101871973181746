import NIOCore
import ServerTesting
import Synchronization
import Testing
import Wire

@testable import Realtime

@Suite(.timeLimit(.minutes(2))) struct RedisRosterTests {
    /// Who is on a node, as a test says.
    private final class Crowd: RosterSource {
        struct State {
            var channels: [String: [ClientInfo]]
            /// Happens once, right after somebody has looked.
            var afterLook: (@Sendable () -> Void)?
        }

        let state: Mutex<State>

        init(_ channels: [String: [ClientInfo]]) { state = Mutex(State(channels: channels)) }

        var presentChannels: [String] { state.withLock { $0.channels.keys.sorted() } }
        var connectionsByUser: [String: Int] { [:] }

        func presentClients(of channel: String) -> [String: ClientInfo] {
            let (clients, afterLook) = state.withLock { state in
                defer { state.afterLook = nil }
                return (state.channels[channel] ?? [], state.afterLook)
            }
            afterLook?()
            return Dictionary(uniqueKeysWithValues: clients.map { ($0.client, $0) })
        }
    }

    private static let names = RedisNames(database: 0, node: "a")

    private static func withRoster(_ crowd: Crowd, _ body: (RedisRoster, RedisLink) async throws -> Void) async throws {
        try await RedisServer.run { redis in
            let link = RedisLink(to: try RedisAddress(url: redis.url), logger: .init(label: "test"))
            let roster = RedisRoster(names: names, link: link)
            roster.start(crowd)
            link.start(.init())
            while await link.ask(RedisCommand("PING")) == nil { await Task.yield() }
            try await body(roster, link)
            await link.stop()
        }
    }

    private static func shown(in channel: String, _ link: RedisLink) async -> Set<String> {
        let reply = await link.ask(RedisCommand("HKEYS", .text(names.presence(of: channel, on: names.node))))
        return Set((reply?.list ?? []).compactMap(\.string))
    }

    @Test func `a crowd that is larger than what may wait for Redis is told in rounds, and keeps nobody else from it`() async throws {
        let info = RawJSON("\"\(String(repeating: "x", count: 1_000))\"")
        let many = (0..<12_000).map { ClientInfo(user: "u\($0)", client: "c\($0)", connInfo: info) }
        #expect(many.count * 1_000 > RedisLink.waitingBytesMax)
        let crowd = Crowd(["1": many, "2": [ClientInfo(user: "ana", client: "x")]])
        try await Self.withRoster(crowd) { roster, link in
            roster.connected()
            while await Self.shown(in: "2", link) != ["x"] { roster.tick() }
            #expect(await Self.shown(in: "1", link) == Set(many.map(\.client)))
        }
    }

    @Test func `a round hides nobody who comes meanwhile, and takes away who is no longer there`() async throws {
        let (ana, ben) = (ClientInfo(user: "ana", client: "x"), ClientInfo(user: "ben", client: "y"))
        let crowd = Crowd(["1": [ana]])
        try await Self.withRoster(crowd) { roster, link in
            // Redis has not taken that Cid left.
            roster.appeared(ClientInfo(user: "cid", client: "z"), in: "1")
            crowd.state.withLock {
                $0.afterLook = {
                    crowd.state.withLock { $0.channels["1"]?.append(ben) }
                    roster.appeared(ben, in: "1")
                }
            }
            roster.connected()
            #expect(await Self.shown(in: "1", link).isSuperset(of: ["x", "y"]))
            while await Self.shown(in: "1", link) != ["x", "y"] { await Task.yield() }
        }
    }
}
