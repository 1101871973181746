/// What the command line says, as text; absent options fall back to the environment and then to the defaults.
public struct ServeOptions: Sendable {
    public var host: String?
    public var port: String?
    public var roomsPort: String?
    public var database: String?
    public var bus: String?
    public var tzdata: String?
    public var loops: String?
    public var allowedOrigins: String?
    public var trustedProxies: String?
    public var responseCache: String?
    public var logLevel: String?
    public var tlsCertificate: String?
    public var tlsKey: String?
    public var metrics: String?

    public init(
        host: String? = nil, port: String? = nil, roomsPort: String? = nil, database: String? = nil, bus: String? = nil,
        tzdata: String? = nil, loops: String? = nil, allowedOrigins: String? = nil, trustedProxies: String? = nil,
        responseCache: String? = nil, logLevel: String? = nil,
        tlsCertificate: String? = nil, tlsKey: String? = nil, metrics: String? = nil
    ) {
        self.host = host
        self.port = port
        self.roomsPort = roomsPort
        self.database = database
        self.bus = bus
        self.tzdata = tzdata
        self.loops = loops
        self.allowedOrigins = allowedOrigins
        self.trustedProxies = trustedProxies
        self.responseCache = responseCache
        self.logLevel = logLevel
        self.tlsCertificate = tlsCertificate
        self.tlsKey = tlsKey
        self.metrics = metrics
    }
}
