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
    /// Origins of web pages that may call; `*` for all, empty for none but our own.
    public var allowedOrigins: [String]
    /// Where the files of Swagger UI lie; nil turns `/docs` off.
    public var documentsDirectory: String?
    /// What `/healthz` and the API document call this build.
    public var version: String

    public init(
        host: String = "127.0.0.1", port: Int = 8080, bodyBytesMax: Int = 1 << 20, readSecondsMax: Int = 30, writeSecondsMax: Int = 30,
        idleSecondsMax: Int = 75, connectionsMax: Int? = nil, allowedOrigins: [String] = [], documentsDirectory: String? = nil,
        version: String = "0.1.0"
    ) {
        self.host = host
        self.port = port
        self.bodyBytesMax = bodyBytesMax
        self.readSecondsMax = readSecondsMax
        self.writeSecondsMax = writeSecondsMax
        self.idleSecondsMax = idleSecondsMax
        self.connectionsMax = connectionsMax
        self.allowedOrigins = allowedOrigins
        self.documentsDirectory = documentsDirectory
        self.version = version
    }
}
