/// Prolongs the connection.
public struct RefreshRequest: Hashable, Sendable {
    public var token: String

    public init(token: String) {
        self.token = token
    }
}

/// How long the connection may live now.
public struct RefreshResult: Hashable, Sendable {
    public var client: String
    public var version: String
    public var expires: Bool
    /// Seconds.
    public var ttl: UInt32

    public init(client: String, version: String = "", expires: Bool = false, ttl: UInt32 = 0) {
        self.client = client
        self.version = version
        self.expires = expires
        self.ttl = ttl
    }
}

/// The server prolonged the connection by itself.
public struct RefreshPush: Hashable, Sendable {
    public var expires: Bool
    /// Seconds.
    public var ttl: UInt32

    public init(expires: Bool = false, ttl: UInt32 = 0) {
        self.expires = expires
        self.ttl = ttl
    }
}

/// Prolongs a subscription.
public struct SubRefreshRequest: Hashable, Sendable {
    public var channel: String
    public var token: String

    public init(channel: String, token: String) {
        self.channel = channel
        self.token = token
    }
}

/// How long the subscription may live now.
public struct SubRefreshResult: Hashable, Sendable {
    public var expires: Bool
    /// Seconds.
    public var ttl: UInt32

    public init(expires: Bool = false, ttl: UInt32 = 0) {
        self.expires = expires
        self.ttl = ttl
    }
}
