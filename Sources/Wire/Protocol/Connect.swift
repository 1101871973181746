/// Begins a connection.
public struct ConnectRequest: Hashable, Sendable {
    /// The access token; empty when there is none.
    public var token: String
    /// For the application.
    public var data: RawJSON?
    /// Where the client stopped in channels that the server had subscribed it to.
    public var subs: [String: SubscribeRequest]
    /// The client library's name.
    public var name: String
    /// The application's version.
    public var version: String
    /// Stands for HTTP headers where a browser cannot set any; only names on a list are honoured.
    public var headers: [String: String]

    public init(
        token: String = "",
        data: RawJSON? = nil,
        subs: [String: SubscribeRequest] = [:],
        name: String = "",
        version: String = "",
        headers: [String: String] = [:]
    ) {
        self.token = token
        self.data = data
        self.subs = subs
        self.name = name
        self.version = version
        self.headers = headers
    }
}

/// The connection as the server sees it.
public struct ConnectResult: Hashable, Sendable {
    /// Names the connection; presence and publications show it.
    public var client: String
    /// The server's version.
    public var version: String
    /// Whether the client must refresh its token before ``ttl`` has passed.
    public var expires: Bool
    /// Seconds.
    public var ttl: UInt32
    public var data: RawJSON?
    /// Every channel that the server subscribed the client to; one that the client knew and that is missing here is gone.
    public var subs: [String: SubscribeResult]
    /// Seconds between pings of the server; zero when it sends none.
    public var ping: UInt32
    /// Whether the client must answer pings.
    public var pong: Bool
    /// The secret that names the connection in `/emulation`.
    public var session: String
    /// The server process that holds the connection.
    public var node: String
    /// The server's clock in milliseconds since 1970.
    public var time: Int64?

    public init(
        client: String,
        version: String = "",
        expires: Bool = false,
        ttl: UInt32 = 0,
        data: RawJSON? = nil,
        subs: [String: SubscribeResult] = [:],
        ping: UInt32 = 0,
        pong: Bool = false,
        session: String = "",
        node: String = "",
        time: Int64? = nil
    ) {
        self.client = client
        self.version = version
        self.expires = expires
        self.ttl = ttl
        self.data = data
        self.subs = subs
        self.ping = ping
        self.pong = pong
        self.session = session
        self.node = node
        self.time = time
    }
}
