import Core

/// Leaky buckets in Redis, by its own clock. A bucket is one number: the moment at which it will have run empty (the generic cell rate
/// algorithm, ITU-T I.371).
public struct RedisRateLimits: RateLimitStore {
    private static let fillScript = """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local interval = tonumber(ARGV[1])
        local empty = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now) + interval
        local wait = empty - now - tonumber(ARGV[2])
        if wait > 0 then return math.ceil(wait) end
        redis.call('SET', KEYS[1], string.format('%.3f', empty), 'PX', math.ceil(empty - now))
        return 0
        """

    private static let takeBackScript = """
        local left = redis.call('PTTL', KEYS[1])
        if left <= 0 then return 0 end
        local empty = tonumber(redis.call('GET', KEYS[1])) - tonumber(ARGV[1])
        local rest = math.floor(left - tonumber(ARGV[1]))
        if rest <= 0 then return redis.call('DEL', KEYS[1]) end
        redis.call('SET', KEYS[1], string.format('%.3f', empty), 'PX', rest)
        return 1
        """

    let names: RedisNames
    let link: RedisLink

    public func fill(_ key: String, capacity: Int, windowSeconds: Int64) async -> Int? {
        let interval = Self.interval(capacity, windowSeconds)
        let reply = await link.ask(
            RedisCommand("EVAL", .text(Self.fillScript), "1", .text(names.bucket(key)), "\(interval)", "\(windowSeconds * 1_000)")
        )
        return reply?.integer
    }

    public func takeBack(_ key: String, capacity: Int, windowSeconds: Int64) {
        let interval = Self.interval(capacity, windowSeconds)
        link.send(RedisCommand("EVAL", .text(Self.takeBackScript), "1", .text(names.bucket(key)), "\(interval)"))
    }

    public func forget(_ key: String) {
        link.send(RedisCommand("DEL", .text(names.bucket(key))))
    }

    /// Milliseconds that one takes to run out.
    private static func interval(_ capacity: Int, _ windowSeconds: Int64) -> Double {
        Double(windowSeconds) * 1_000 / Double(max(1, capacity))
    }
}
