import Realtime

extension ConfigurationReader {
    /// - Throws: ``ConfigurationError``, which does not repeat the address: it may hold a password.
    func busAddress(_ options: ServeOptions) throws -> RedisAddress? {
        let url = try text("bus", options.bus, or: "")
        guard !url.isEmpty else { return nil }
        do throws(RedisAddress.Refusal) {
            return try RedisAddress(url: url)
        } catch {
            let expected =
                switch error {
                case .malformed: "redis://[user:password@]host[:port][/database] or unix:///path[?db=database]"
                case .encrypted: "redis://, as the Redis client of this build speaks no TLS; keep the bus in a private network or a tunnel"
                }
            throw ConfigurationError(key: options.bus == nil ? "RINGSIDE_BUS" : "--bus", expected: expected)
        }
    }
}
