import Accounts
import Core
import Engine
import Foundation
import Gateway
import Logging
import Realtime

/// Everything that can be set, read in this one place: command line before environment before default.
///
/// | Option | Environment | Default |
/// |---|---|---|
/// | `--host` | `RINGSIDE_HOST` | `127.0.0.1` |
/// | `--port` | `RINGSIDE_PORT` | 8080; 0 lets the system choose |
/// | `--rooms-port` | `RINGSIDE_ROOMS_PORT` | 3001, the meeting rooms' own; 0 lets the system choose, `off` for none |
/// | `--database` | `RINGSIDE_DATABASE` | `sqlite://ringside.sqlite`; `postgres://…` |
/// | `--bus` | `RINGSIDE_BUS` | none; `redis://...` where several nodes share a database |
/// | `--tzdata` | `RINGSIDE_TZDATA` | `/usr/share/zoneinfo`: the time zones of the system |
/// | `--loops` | `RINGSIDE_LOOPS` | one event loop for each core |
/// | `--trusted-proxies` | `RINGSIDE_TRUSTED_PROXIES` | none: addresses and networks whose `X-Forwarded-For` is believed |
/// | `--allowed-origins` | `RINGSIDE_ALLOWED_ORIGINS` | none: pages of other origins may not call |
/// | `--tls-certificate`, `--tls-key` | `RINGSIDE_TLS_CERTIFICATE`, `RINGSIDE_TLS_KEY` | none: HTTP and WebSocket in the clear |
/// | `--metrics` | `RINGSIDE_METRICS` | `local`: `/metrics` for this machine alone; `open`, `off` |
/// | `--response-cache` | `RINGSIDE_RESPONSE_CACHE` | 256 encoded lists; 0 for none |
/// | `--log-level` | `RINGSIDE_LOG_LEVEL` | `info` |
/// | | `RINGSIDE_ADMIN_USERNAME`, `RINGSIDE_ADMIN_PASSWORD` | `admin` and a random password that is printed once |
/// | | `RINGSIDE_TOKEN_SECRET` | generated and kept in the database |
/// | | `RINGSIDE_SERVICE_KEY` | none: the server API is open to superadmins alone |
/// | | `RINGSIDE_DOCUMENTS` | `.setup/swagger-ui` where it exists |
/// | | `RINGSIDE_DRAIN_SECONDS` | 30 |
/// | | `RINGSIDE_JOBS_RUNNING_MAX` | 4 jobs at a time |
/// | | `RINGSIDE_CONNECTIONS_PER_ADDRESS_MAX` | no bound, as behind a proxy |
/// | | `RINGSIDE_UPGRADES_PER_SECOND`, `RINGSIDE_UPGRADES_BURST` | 2,000, 10,000 at once |
/// | | `RINGSIDE_CONNECTIONS_MAX`, `RINGSIDE_CONNECTIONS_PER_USER_MAX`, `RINGSIDE_CHANNELS_MAX` | 50,000, 100 of a person, 128 of one |
/// | | `RINGSIDE_COMMANDS_PER_SECOND`, `RINGSIDE_COMMANDS_BURST` | 100 of a connection, 200 at once |
/// | | `RINGSIDE_PING_SECONDS`, `RINGSIDE_PONG_SECONDS` | 25, and 8 to answer |
/// | | `RINGSIDE_RECOVERY_EVENTS_MAX` | 10,000 that a client may have missed in a channel |
/// | | `RINGSIDE_MESSAGE_BYTES_MAX`, `RINGSIDE_QUEUE_BYTES_MAX` | 65,536 from a client, 1,048,576 waiting for one |
/// | | `RINGSIDE_STREAM_WRITE_SECONDS` | 1 in which the client of a stream must take something |
/// | | `RINGSIDE_CONNECT_SECONDS`, `RINGSIDE_EXPIRY_SECONDS` | 10 for the first command, 25 after a token's end |
public struct Configuration: Sendable {
    public var host: String
    public var port: Int
    /// The meeting rooms' own port; nil leaves them to the main one.
    public var roomsPort: Int?
    public var database: DatabaseLocation
    /// Where the TZif files of the time zones lie; read once, at the start.
    public var timeZoneDirectory: String
    /// Carries news between nodes; nil for one that is alone, or that the database wakes.
    public var bus: RedisAddress?
    public var loops: Int
    /// The certificate of encrypted connections, read again at SIGHUP; nil serves in the clear.
    public var tls: TLSSettings?
    /// Connections from one address; nil sets no bound.
    public var connectionsPerAddressMax: Int?
    public var upgradesPerSecondMax: Int
    public var upgradesBurstMax: Int
    public var allowedOrigins: [String]
    /// Whose word on a client's address is taken.
    public var trustedProxies: TrustedProxies
    /// Who may read `/metrics`.
    public var metricsAccess: MetricsAccess
    public var cachedAnswersMax: Int
    public var logLevel: Logger.Level
    /// The name of the superadmin who is created on first start.
    public var adminUsername: String
    /// That superadmin's password; nil has one made and printed.
    public var adminPassword: String?
    /// Signs the access tokens; nil keeps a generated one in the database.
    public var tokenSecret: TokenSecret?
    /// Opens the server API below `/realtime/api` to other services; nil leaves it to superadmins.
    public var serviceKey: APIKey?
    /// Where the files of Swagger UI lie; nil turns `/docs` off.
    public var documentsDirectory: String?
    /// How hard passwords are to guess from their hashes.
    public var passwordCost: PasswordCost
    /// How long clients have to be sent away for when the server stops, in seconds.
    public var drainSeconds: Int
    /// The bounds and rhythms of this node's work on jobs.
    public var jobs: JobSettings
    /// The bounds and rhythms of everything live.
    public var hub: HubSettings

    /// - Throws: ``ConfigurationError`` that names the key.
    public init(_ options: ServeOptions, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        let reader = ConfigurationReader(environment: environment)
        host = try reader.text("host", options.host, or: "127.0.0.1")
        port = try reader.integer("port", options.port, in: 0...65_535, or: 8_080)
        roomsPort = try reader.value("rooms-port", options.roomsPort, or: Int?.some(3_001)) { text -> Int?? in
            if text == "off" { return .some(nil) }
            guard let port = Int(text), (0...65_535).contains(port) else { return nil }
            return port
        } expecting: {
            "a number from 0 to 65535, or off"
        }
        database = try reader.value("database", options.database, or: DatabaseLocation.sqlite(path: "ringside.sqlite")) {
            DatabaseLocation(url: $0)
        } expecting: {
            "sqlite://<path> or postgres://<user>@<host>/<database>"
        }
        timeZoneDirectory = try reader.text("tzdata", options.tzdata, or: TimeZoneDatabase.systemDirectory)
        bus = try reader.busAddress(options)
        loops = try reader.integer("loops", options.loops, in: 1...256, or: ProcessInfo.processInfo.activeProcessorCount)
        tls = try reader.tlsSettings(options)
        connectionsPerAddressMax = try reader.value("connections-per-address-max", nil, or: nil) {
            Int($0).flatMap { $0 > 0 ? $0 : nil }
        } expecting: {
            "a number above 0"
        }
        upgradesPerSecondMax = try reader.integer("upgrades-per-second", nil, in: 1...1_000_000, or: 2_000)
        upgradesBurstMax = try reader.integer("upgrades-burst", nil, in: 1...5_000_000, or: 5 * upgradesPerSecondMax)
        allowedOrigins = try reader.text("allowed-origins", options.allowedOrigins, or: "").split(separator: ",").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        trustedProxies = try reader.value("trusted-proxies", options.trustedProxies, or: .nobody) {
            TrustedProxies($0)
        } expecting: {
            "addresses and networks with commas between, like 127.0.0.1,10.0.0.0/8"
        }
        metricsAccess = try reader.value("metrics", options.metrics, or: .local) {
            MetricsAccess(rawValue: $0)
        } expecting: {
            MetricsAccess.allCases.map(\.rawValue).joined(separator: ", ")
        }
        cachedAnswersMax = try reader.integer("response-cache", options.responseCache, in: 0...100_000, or: 256)
        logLevel = try reader.value("log-level", options.logLevel, or: .info) {
            Logger.Level(rawValue: $0)
        } expecting: {
            Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
        }
        adminUsername = try reader.text("admin-username", nil, or: "admin")
        adminPassword = environment["RINGSIDE_ADMIN_PASSWORD"]
        if let password = adminPassword, password.count < 8 {
            throw ConfigurationError(key: "RINGSIDE_ADMIN_PASSWORD", expected: "at least 8 characters")
        }
        if let text = environment["RINGSIDE_TOKEN_SECRET"] {
            guard let secret = TokenSecret(configured: text) else {
                throw ConfigurationError(key: "RINGSIDE_TOKEN_SECRET", expected: "at least \(TokenSecret.bytesMin) bytes")
            }
            tokenSecret = secret
        }
        if let text = environment["RINGSIDE_SERVICE_KEY"] {
            guard text.utf8.count >= Self.serviceKeyBytesMin else {
                throw ConfigurationError(key: "RINGSIDE_SERVICE_KEY", expected: "at least \(Self.serviceKeyBytesMin) bytes")
            }
            serviceKey = APIKey(text)
        }
        let documents = try reader.text("documents", nil, or: ".setup/swagger-ui")
        documentsDirectory = FileManager.default.fileExists(atPath: documents) ? documents : nil
        passwordCost = .standard
        drainSeconds = try reader.integer("drain-seconds", nil, in: 0...300, or: 30)
        jobs = JobSettings()
        jobs.runningMax = try reader.integer("jobs-running-max", nil, in: 1...256, or: jobs.runningMax)
        jobs.drainSeconds = Int64(drainSeconds)
        hub = try reader.hubSettings()
    }

    /// Too long to be guessed over the network.
    public static let serviceKeyBytesMin = 16

    /// One line for the log at start; it holds no secret.
    public var summary: Logger.Metadata {
        [
            "host": "\(host)", "port": "\(port)", "rooms_port": "\(roomsPort.map(String.init) ?? "off")", "database": "\(database)",
            "bus": "\(bus.map { "\($0)" } ?? "none")", "loops": "\(loops)", "tzdata": "\(timeZoneDirectory)",
            "tls.certificate": "\(tls?.certificateFile ?? "none")",
            "allowed_origins": "\(allowedOrigins.joined(separator: ","))",
            "trusted_proxies": "\(trustedProxies)", "response_cache": "\(cachedAnswersMax)",
            "log_level": "\(logLevel)", "metrics": "\(metricsAccess)",
            "admin.username": "\(adminUsername)", "admin.password": adminPassword == nil ? "generated" : "configured",
            "token.secret": tokenSecret == nil ? "generated" : "configured", "service.key": serviceKey == nil ? "none" : "configured",
            "documents": "\(documentsDirectory ?? "none")",
            "drain_seconds": "\(drainSeconds)",
        ]
    }
}
