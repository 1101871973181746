import CPostgreSQL

/// Where a PostgreSQL database is, in any form of connection URI that libpq reads: with several hosts, a Unix socket, `sslmode` and the like.
///
/// Its description names no password and so may be printed.
public struct PostgreSQLAddress: Sendable, CustomStringConvertible {
    /// Holds the password: it goes to libpq and nowhere else.
    let uri: String
    public let description: String

    /// - Returns: nil for what libpq does not read. (It would say why in words that repeat the password.)
    public init?(uri: String) {
        guard uri.hasPrefix("postgres://") || uri.hasPrefix("postgresql://") else { return nil }
        guard let options = PQconninfoParse(uri, nil) else { return nil }
        defer { PQconninfoFree(options) }
        var values: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { values[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        self.uri = uri
        let host = values["host"] ?? values["hostaddr"] ?? ""
        // Several hosts have several ports, in a list of their own.
        let port = values["port"].flatMap { $0.contains(",") ? nil : ":\($0)" } ?? ""
        description = "postgres://\(host)\(port)/\(values["dbname"] ?? values["user"] ?? "")"
    }
}
