import Foundation

/// Where a Redis (or Valkey) listens, and who says so: `redis://[user:password@]host[:port][/database]`, or
/// `unix://[user:password@]/path/of/socket[?db=database]`.
public struct RedisAddress: Sendable, CustomStringConvertible {
    enum Endpoint: Hashable, Sendable {
        case tcp(host: String, port: Int32)
        case unix(path: String)
    }

    /// Why an address is of no use.
    public enum Refusal: Error, Hashable {
        case malformed
        /// The Redis client that Ringside is built with speaks no TLS.
        case encrypted
    }

    let endpoint: Endpoint
    let user: String?
    let password: String?
    let database: Int

    /// - Throws: ``Refusal``.
    public init(url: String) throws(Refusal) {
        guard !url.hasPrefix("rediss://") else { throw .encrypted }
        guard let parts = URLComponents(string: url) else { throw .malformed }
        user = parts.user.flatMap { $0.isEmpty ? nil : $0 }
        password = parts.password.flatMap { $0.isEmpty ? nil : $0 }
        // A user has no meaning without a password, and one that is forgotten is found now rather than by an error of the server.
        guard user == nil || password != nil else { throw .malformed }
        switch parts.scheme {
        case "redis":
            guard let host = parts.host, !host.isEmpty, parts.query == nil, parts.fragment == nil else { throw .malformed }
            // An address of IPv6 stands in brackets, which belong to the URL.
            let name = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
            guard let port = Int32(exactly: parts.port ?? 6_379), (1...65_535).contains(port) else { throw .malformed }
            endpoint = .tcp(host: name, port: port)
            database = try Self.database(parts.path.isEmpty || parts.path == "/" ? "0" : String(parts.path.dropFirst()))
        case "unix":
            guard parts.host?.isEmpty ?? true, parts.path.count > 1, parts.port == nil else { throw .malformed }
            endpoint = .unix(path: parts.path)
            let items = parts.queryItems ?? []
            guard items.allSatisfy({ $0.name == "db" }), items.count <= 1 else { throw .malformed }
            database = try Self.database(items.first.map { $0.value ?? "" } ?? "0")
        default: throw .malformed
        }
    }

    private static func database(_ text: String) throws(Refusal) -> Int {
        guard let number = Int(text), (0...1_000_000).contains(number) else { throw .malformed }
        return number
    }

    /// For logs: without user and password.
    public var description: String {
        switch endpoint {
        case .tcp(let host, let port): "redis://\(host.contains(":") ? "[\(host)]" : host):\(port)/\(database)"
        case .unix(let path): "unix://\(path)?db=\(database)"
        }
    }
}
