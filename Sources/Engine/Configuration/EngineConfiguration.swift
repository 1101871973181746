import Foundation
import Gateway
import Logging
import Realtime

/// Everything that can be set for the engine alone. The names of the file are those of Centrifugo's configuration, nested as its current
/// version has them and, for the most common ones, flat as the one before; docs/realtime.md lists them all.
public struct EngineConfiguration: Sendable {
    public var host = "127.0.0.1"
    /// Zero lets the system choose.
    public var port = 8_000
    public var loops = ProcessInfo.processInfo.activeProcessorCount
    /// Encrypts every connection; nil serves plain HTTP and WebSocket.
    public var tls: TLSSettings?
    public var allowedOrigins: [String] = []
    /// Upgrades to a WebSocket in a second; more are answered with 503.
    public var upgradesPerSecondMax = 2_000
    public var upgradesBurstMax = 10_000
    /// Connections from one address; nil sets no bound, and is right behind a proxy.
    public var connectionsPerAddressMax: Int?
    /// Opens the server API to whoever sends it; empty closes the API. It is never logged.
    public var apiKey = ""
    /// Opens the server API to everybody who can reach the port. For development.
    public var isAPIInsecure = false
    /// Opens a WebSocket at `/echo` that sends back what it gets, for measurements and conformance runs.
    public var hasEcho = false
    /// Who may read `/metrics`.
    public var metricsAccess = MetricsAccess.local
    public var client = ClientRules()
    public var channels = ChannelRules()
    public var hub = HubSettings()
    public var log = MemoryLogLimits()
    public var logLevel = Logger.Level.info
    /// How long clients have to be sent away for when the engine stops, in seconds.
    public var drainSeconds = 30

    public init() {}

    /// Reads a configuration file.
    ///
    /// - Throws: ``EngineConfigurationError`` that names the key.
    public init(json: Data) throws(EngineConfigurationError) {
        var reader = try SettingsReader(json: json)
        host = try reader.text("http_server.address", ["address"], or: host)
        port = try reader.integer("http_server.port", ["port"], in: 0...65_535, or: port)
        loops = try reader.integer("loops", in: 1...256, or: loops)
        tls = try Self.tls(&reader)
        allowedOrigins = try reader.texts("client.allowed_origins", ["allowed_origins"])
        upgradesPerSecondMax = try reader.integer(
            "client.connection_rate_limit", ["client_connection_rate_limit"], in: 1...1_000_000, or: upgradesPerSecondMax
        )
        upgradesBurstMax = try reader.integer("client.connection_burst", in: 1...5_000_000, or: 5 * upgradesPerSecondMax)
        let perAddress = try reader.integer("client.address_connection_limit", in: 0...10_000_000, or: 0)
        connectionsPerAddressMax = perAddress == 0 ? nil : perAddress
        apiKey = try reader.text("http_api.key", ["api_key"])
        isAPIInsecure = try reader.bool("http_api.insecure", ["api_insecure"])
        hasEcho = try reader.bool("echo")
        let accesses = MetricsAccess.allCases.map(\.rawValue).joined(separator: ", ")
        metricsAccess =
            try reader.value("metrics", expecting: accesses) {
                if case .string(let text) = $0 { MetricsAccess(rawValue: text) } else { nil }
            } ?? metricsAccess
        channels = try ChannelRules(&reader)
        client = try ClientRules(&reader, channels)
        hub = try HubSettings(&reader)
        // The same bound once more for those who come through one address and name another.
        hub.connectionsPerAddressMax = connectionsPerAddressMax ?? .max
        log = try MemoryLogLimits(&reader)
        logLevel =
            try reader.value("log.level", ["log_level"], expecting: Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")) {
                if case .string(let text) = $0 { Logger.Level(rawValue: text) } else { nil }
            } ?? logLevel
        drainSeconds = try reader.seconds("shutdown.timeout", ["shutdown_timeout"], in: 0...300, or: drainSeconds)
        try reader.finish()
        guard isReachable else {
            throw EngineConfigurationError(
                key: "client.token.hmac_secret_key", expected: "a secret; without one nobody can connect (see also client.insecure)"
            )
        }
    }

    private static func tls(_ reader: inout SettingsReader) throws(EngineConfigurationError) -> TLSSettings? {
        let path = "http_server.tls."
        let isEnabled = try reader.bool(path + "enabled", ["tls"])
        let certificate = try reader.text(path + "cert_pem_file", ["tls_cert"])
        let key = try reader.text(path + "key_pem_file", ["tls_key"])
        guard isEnabled else { return nil }
        guard !certificate.isEmpty else { throw EngineConfigurationError(key: path + "cert_pem_file", expected: "the path of a file") }
        guard !key.isEmpty else { throw EngineConfigurationError(key: path + "key_pem_file", expected: "the path of a file") }
        return TLSSettings(certificateFile: certificate, keyFile: key)
    }

    private var isReachable: Bool { !client.token.secret.isEmpty || client.isInsecure || client.allowsAnonymousWithoutToken }

    /// One line for the log at start; it holds no secret.
    public var summary: Logger.Metadata {
        [
            "host": "\(host)", "port": "\(port)", "loops": "\(loops)", "tls": "\(tls != nil)",
            "allowed_origins": "\(allowedOrigins.joined(separator: ","))",
            "client.insecure": "\(client.isInsecure)", "client.token": client.token.secret.isEmpty ? "none" : "configured",
            "client.subscription_token": client.subscriptionToken == nil ? "as client.token" : "configured",
            "client.personal_channel": "\(client.personalNamespace.map { "\($0)\($0.isEmpty ? "" : ":")#<user>" } ?? "none")",
            "api": isAPIInsecure ? "insecure" : apiKey.isEmpty ? "closed" : "key", "echo": "\(hasEcho)",
            "namespaces": "\(channels.namespaces.keys.sorted().joined(separator: ","))", "log_level": "\(logLevel)",
            "metrics": "\(metricsAccess)",
            "drain_seconds": "\(drainSeconds)",
        ]
    }
}
