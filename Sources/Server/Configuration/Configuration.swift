import Accounts
import Core
import Foundation
import Logging

/// Everything that can be set, read in this one place: command line before environment before default.
///
/// | Option | Environment | Default |
/// |---|---|---|
/// | `--host` | `RINGSIDE_HOST` | `127.0.0.1` |
/// | `--port` | `RINGSIDE_PORT` | 8080; 0 lets the system choose |
/// | `--database` | `RINGSIDE_DATABASE` | `sqlite://ringside.sqlite` |
/// | `--loops` | `RINGSIDE_LOOPS` | one event loop for each core |
/// | `--allowed-origins` | `RINGSIDE_ALLOWED_ORIGINS` | none: pages of other origins may not call |
/// | `--response-cache` | `RINGSIDE_RESPONSE_CACHE` | 256 encoded lists; 0 for none |
/// | `--log-level` | `RINGSIDE_LOG_LEVEL` | `info` |
/// | | `RINGSIDE_ADMIN_USERNAME`, `RINGSIDE_ADMIN_PASSWORD` | `admin` and a random password that is printed once |
/// | | `RINGSIDE_TOKEN_SECRET` | generated and kept in the database |
/// | | `RINGSIDE_DOCUMENTS` | `.setup/swagger-ui` where it exists |
public struct Configuration: Sendable {
    public var host: String
    public var port: Int
    public var database: DatabaseLocation
    public var loops: Int
    public var allowedOrigins: [String]
    public var cachedAnswersMax: Int
    public var logLevel: Logger.Level
    /// The name of the superadmin who is created on first start.
    public var adminUsername: String
    /// That superadmin's password; nil has one made and printed.
    public var adminPassword: String?
    /// Signs the access tokens; nil keeps a generated one in the database.
    public var tokenSecret: TokenSecret?
    /// Where the files of Swagger UI lie; nil turns `/docs` off.
    public var documentsDirectory: String?
    /// How hard passwords are to guess from their hashes.
    public var passwordCost: PasswordCost
    /// How long clients have to be sent away for when the server stops, in seconds.
    public var drainSeconds: Int

    /// - Throws: ``ConfigurationError`` that names the key.
    public init(_ options: ServeOptions, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        let reader = ConfigurationReader(environment: environment)
        host = try reader.text("host", options.host, or: "127.0.0.1")
        port = try reader.integer("port", options.port, in: 0...65_535, or: 8_080)
        database = try reader.value("database", options.database, or: DatabaseLocation.sqlite(path: "ringside.sqlite")) {
            DatabaseLocation(url: $0)
        } expecting: {
            "sqlite://<path>"
        }
        loops = try reader.integer("loops", options.loops, in: 1...256, or: ProcessInfo.processInfo.activeProcessorCount)
        allowedOrigins = try reader.text("allowed-origins", options.allowedOrigins, or: "").split(separator: ",").map {
            $0.trimmingCharacters(in: .whitespaces)
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
        let documents = try reader.text("documents", nil, or: ".setup/swagger-ui")
        documentsDirectory = FileManager.default.fileExists(atPath: documents) ? documents : nil
        passwordCost = .standard
        drainSeconds = try reader.integer("drain-seconds", nil, in: 0...300, or: 30)
    }

    /// One line for the log at start; it holds no secret.
    public var summary: Logger.Metadata {
        [
            "host": "\(host)", "port": "\(port)", "database": "\(database)", "loops": "\(loops)",
            "allowed_origins": "\(allowedOrigins.joined(separator: ","))", "response_cache": "\(cachedAnswersMax)",
            "log_level": "\(logLevel)",
            "admin.username": "\(adminUsername)", "admin.password": adminPassword == nil ? "generated" : "configured",
            "token.secret": tokenSecret == nil ? "generated" : "configured", "documents": "\(documentsDirectory ?? "none")",
            "drain_seconds": "\(drainSeconds)",
        ]
    }
}
