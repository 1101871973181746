import Storage

/// Where the state is kept. Its description holds no password.
public enum DatabaseLocation: Sendable, CustomStringConvertible {
    /// A file; beside it lie its `-wal`, `-shm` and `.lock`.
    case sqlite(path: String)
    /// A database on a PostgreSQL server, which several servers may share.
    case postgreSQL(PostgreSQLAddress)

    /// Reads `sqlite://relative/path`, `sqlite:///absolute/path`, and `postgres://` in every form that libpq reads.
    public init?(url: String) {
        if let address = PostgreSQLAddress(uri: url) {
            self = .postgreSQL(address)
            return
        }
        let scheme = "sqlite://"
        guard url.hasPrefix(scheme), url.count > scheme.count else { return nil }
        self = .sqlite(path: String(url.dropFirst(scheme.count)))
    }

    public var description: String {
        switch self {
        case .sqlite(let path): "sqlite://\(path)"
        case .postgreSQL(let address): address.description
        }
    }
}
