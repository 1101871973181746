import Testing

@testable import Realtime

@Suite struct RedisAddressTests {
    @Test(arguments: [
        ("redis://cache", "redis://cache:6379/0"), ("redis://10.0.0.1:7000/3", "redis://10.0.0.1:7000/3"),
        ("redis://[::1]:6379/", "redis://[::1]:6379/0"), ("redis://ana:se%40cret@cache/1", "redis://cache:6379/1"),
        ("redis://:secret@cache", "redis://cache:6379/0"), ("unix:///run/redis.sock", "unix:///run/redis.sock?db=0"),
        ("unix://:secret@/run/redis.sock?db=2", "unix:///run/redis.sock?db=2"),
    ])
    func `an address is understood, and shown without its password`(url: String, shown: String) throws {
        let address = try RedisAddress(url: url)
        #expect("\(address)" == shown)
    }

    @Test func `user, password and database are read`() throws {
        let address = try RedisAddress(url: "redis://ana:se%40cret@cache/1")
        #expect(address.user == "ana" && address.password == "se@cret" && address.database == 1)
        #expect(address.endpoint == .tcp(host: "cache", port: 6_379))
        #expect(try RedisAddress(url: "unix:///run/redis.sock").endpoint == .unix(path: "/run/redis.sock"))
        #expect(try RedisAddress(url: "redis://[::1]").endpoint == .tcp(host: "::1", port: 6_379))
    }

    @Test(arguments: [
        "", "cache", "redis://", "redis:cache", "http://cache", "redis://cache:0", "redis://cache:70000", "redis://cache/x",
        "redis://cache/-1",
        "redis://ana@cache", "redis://cache?db=1", "unix://", "unix:///", "unix://host/run/redis.sock", "unix:///run/redis.sock?x=1",
        "unix:///run/redis.sock?db=",
    ])
    func `what is no address is refused`(url: String) {
        #expect(throws: RedisAddress.Refusal.malformed) { try RedisAddress(url: url) }
    }

    @Test func `encryption that the client can't do is refused as such`() {
        #expect(throws: RedisAddress.Refusal.encrypted) { try RedisAddress(url: "rediss://cache") }
    }
}
