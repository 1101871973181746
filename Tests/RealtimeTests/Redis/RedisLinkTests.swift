import NIOCore
import ServerTesting
import Synchronization
import Testing

@testable import Realtime

@Suite(.timeLimit(.minutes(2))) struct RedisLinkTests {
    @Test func `answers come in the order of the commands, however many leave together`() async throws {
        try await RedisServer.run { redis in
            let link = RedisLink(to: try RedisAddress(url: redis.url), logger: .init(label: "test"))
            link.start(.init())
            while await link.ask(RedisCommand("PING")) == nil { await Task.yield() }
            let answers = Mutex<[String]>([])
            for number in 1...5_000 {
                #expect(link.send(RedisCommand("ECHO", "\(number)")) { reply in answers.withLock { $0.append(reply?.string ?? "?") } })
            }
            #expect(await link.ask(RedisCommand("ECHO", "end"))?.string == "end")
            #expect(answers.withLock { $0 } == (1...5_000).map(String.init))
            await link.stop()
        }
    }

    @Test func `whoever waits for an answer is told that the connection is lost`() async throws {
        try await RedisServer.run { redis in
            let link = RedisLink(to: try RedisAddress(url: redis.url), logger: .init(label: "test"))
            link.start(.init())
            while await link.ask(RedisCommand("PING")) == nil { await Task.yield() }
            async let answer = link.ask(RedisCommand("BLPOP", "nothing", "0"))
            await redis.kill()
            #expect(await answer == nil)
            #expect(!link.send(RedisCommand("PING")))
            await link.stop()
        }
    }

    @Test func `a password is needed where one is set, and opens`() async throws {
        try await RedisServer.run(["--requirepass", "se:cr@t", "--user", "ana", "on", ">pass/word", "+@all", "~*", "&*"]) { redis in
            let path = redis.url.dropFirst("unix://".count)
            let link = RedisLink(to: try RedisAddress(url: "unix://:se%3Acr%40t@\(path)?db=3"), logger: .init(label: "test"))
            link.start(.init())
            while await link.ask(RedisCommand("SET", "k", "1")) == nil { await Task.yield() }
            let named = RedisLink(to: try RedisAddress(url: "unix://ana:pass%2Fword@\(path)?db=3"), logger: .init(label: "test"))
            named.start(.init())
            while await named.ask(RedisCommand("PING")) == nil { await Task.yield() }
            #expect(await named.ask(RedisCommand("GET", "k"))?.string == "1")
            let stranger = RedisLink(to: try RedisAddress(url: redis.url), logger: .init(label: "test"))
            stranger.start(.init())
            #expect(await link.ask(RedisCommand("PING")) != nil)
            #expect(await stranger.ask(RedisCommand("PING")) == nil)
            for link in [link, named, stranger] { await link.stop() }
        }
    }

    @Test func `a refusal of Redis is an answer`() async throws {
        try await RedisServer.run { redis in
            let link = RedisLink(to: try RedisAddress(url: redis.url), logger: .init(label: "test"))
            link.start(.init())
            while await link.ask(RedisCommand("PING")) == nil { await Task.yield() }
            #expect(await link.ask(RedisCommand("NOSUCHCOMMAND"))?.isRefusal == true)
            #expect(await link.ask(RedisCommand("LRANGE", "nothing", "0", "1")) == .list([]))
            #expect(await link.ask(RedisCommand("GET", "nothing")) == RedisReply.none)
            await link.stop()
        }
    }
}
