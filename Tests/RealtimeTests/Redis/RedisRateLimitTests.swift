import ServerTesting
import Testing

@testable import Realtime

@Suite(.timeLimit(.minutes(2))) struct RedisRateLimitTests {
    private func withLimits(_ body: (RedisServer, RedisRateLimits, RedisRateLimits) async throws -> Void) async throws {
        try await RedisServer.run { redis in
            let address = try RedisAddress(url: redis.url)
            let links = (0..<2).map { _ in RedisLink(to: address, logger: .init(label: "test")) }
            for link in links {
                link.start(.init())
                while await link.ask(RedisCommand("PING")) == nil { await Task.yield() }
            }
            let limits = links.map { RedisRateLimits(names: RedisNames(database: 0, node: "n"), link: $0) }
            try await body(redis, limits[0], limits[1])
            for link in links { await link.stop() }
        }
    }

    @Test func `nodes fill one bucket, and are told when there is room again`() async throws {
        try await withLimits { _, one, other in
            for limits in [one, other, one] { #expect(await limits.fill("k", capacity: 3, windowSeconds: 900) == 0) }
            let wait = try #require(await other.fill("k", capacity: 3, windowSeconds: 900))
            #expect((290_000...300_000).contains(wait))
            #expect(await other.fill("another", capacity: 3, windowSeconds: 900) == 0)
        }
    }

    @Test func `what was no failure is taken back, and a success forgets`() async throws {
        try await withLimits { _, one, other in
            for _ in 0..<3 { #expect(await one.fill("k", capacity: 3, windowSeconds: 900) == 0) }
            one.takeBack("k", capacity: 3, windowSeconds: 900)
            #expect(await one.fill("k", capacity: 3, windowSeconds: 900) == 0)
            #expect(await other.fill("k", capacity: 3, windowSeconds: 900) != 0)
            one.forget("k")
            #expect(await one.fill("k", capacity: 3, windowSeconds: 900) == 0)
            // More is never taken back than was put in.
            for _ in 0..<5 { one.takeBack("k", capacity: 3, windowSeconds: 900) }
            for _ in 0..<3 { #expect(await one.fill("k", capacity: 3, windowSeconds: 900) == 0) }
            #expect(await one.fill("k", capacity: 3, windowSeconds: 900) != 0)
        }
    }

    @Test func `a bucket runs empty by itself`() async throws {
        try await withLimits { _, one, _ in
            #expect(await one.fill("k", capacity: 1, windowSeconds: 1) == 0)
            #expect(await one.fill("k", capacity: 1, windowSeconds: 1) != 0)
            while await one.fill("k", capacity: 1, windowSeconds: 1) != 0 { await Task.yield() }
        }
    }

    @Test func `without Redis nobody can tell`() async throws {
        try await withLimits { redis, one, _ in
            await redis.kill()
            #expect(await one.fill("k", capacity: 1, windowSeconds: 900) == nil)
        }
    }
}
