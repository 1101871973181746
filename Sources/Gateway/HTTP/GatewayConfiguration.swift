/// How the server is reached, and what it accepts.
public struct GatewayConfiguration: Sendable {
    /// The address to listen at.
    public var host: String
    /// The port to listen at; zero lets the system choose one.
    public var port: Int
    /// The largest body of a request.
    public var bodyBytesMax: Int
    /// How long a request may take to arrive, in seconds.
    public var readSecondsMax: Int
    /// How long a client may take nothing of an answer that waits for it, in seconds.
    public var writeSecondsMax: Int
    /// How long a connection may wait for its next request, in seconds.
    public var idleSecondsMax: Int
    /// Connections that are served at once; those beyond wait in the system's queue. Nil sets no bound.
    public var connectionsMax: Int?
    /// Connections from one address (in IPv6: one network of 64 bits); those beyond get 503. Nil sets no bound. Those of trusted
    /// proxies are not counted, as everybody's come from there.
    public var connectionsPerAddressMax: Int?
    /// WebSocket upgrades in a second on the long run; those beyond get 503 with `Retry-After` before anything is looked at.
    public var upgradesPerSecondMax: Int
    /// WebSocket upgrades at once: everybody who comes back after a cut.
    public var upgradesBurstMax: Int
    /// Encrypts every connection; nil serves plain HTTP and WebSocket.
    public var tls: TLSSettings?
    /// Whether there is a WebSocket at `/echo` that sends every message back, for test suites.
    public var servesEcho: Bool
    /// Who may read `/metrics`.
    public var metricsAccess: MetricsAccess
    /// Origins of web pages that may call; `*` for all, empty for none but our own.
    public var allowedOrigins: [String]
    /// Whose word on a client's address is taken.
    public var trustedProxies: TrustedProxies
    /// Where the files of Swagger UI lie; nil turns `/docs` off.
    public var documentsDirectory: String?
    /// Whether payloads of live Protobuf clients may be bytes that are no JSON: right for an engine that only passes them on, wrong where
    /// everybody is meant to read JSON. See ``ProtobufCodec/init(direction:carriesBytes:)``.
    public var carriesBytes: Bool
    /// What `/healthz` and the API document call this build.
    public var version: String
    /// The release of the time zone data, for `/healthz`; nil where none is used.
    public var timeZoneVersion: String?

    public init(
        host: String = "127.0.0.1", port: Int = 8080, bodyBytesMax: Int = 1 << 20, readSecondsMax: Int = 30, writeSecondsMax: Int = 30,
        idleSecondsMax: Int = 75, connectionsMax: Int? = nil, connectionsPerAddressMax: Int? = nil, upgradesPerSecondMax: Int = 2_000,
        upgradesBurstMax: Int = 10_000, tls: TLSSettings? = nil, servesEcho: Bool = false, metricsAccess: MetricsAccess = .local,
        allowedOrigins: [String] = [], trustedProxies: TrustedProxies = .nobody,
        documentsDirectory: String? = nil, carriesBytes: Bool = false, version: String = "0.1.0", timeZoneVersion: String? = nil
    ) {
        self.host = host
        self.port = port
        self.bodyBytesMax = bodyBytesMax
        self.readSecondsMax = readSecondsMax
        self.writeSecondsMax = writeSecondsMax
        self.idleSecondsMax = idleSecondsMax
        self.connectionsMax = connectionsMax
        self.connectionsPerAddressMax = connectionsPerAddressMax
        self.upgradesPerSecondMax = upgradesPerSecondMax
        self.upgradesBurstMax = upgradesBurstMax
        self.tls = tls
        self.servesEcho = servesEcho
        self.metricsAccess = metricsAccess
        self.allowedOrigins = allowedOrigins
        self.trustedProxies = trustedProxies
        self.documentsDirectory = documentsDirectory
        self.carriesBytes = carriesBytes
        self.version = version
        self.timeZoneVersion = timeZoneVersion
    }
}
