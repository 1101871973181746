/// Where the state is kept.
public enum DatabaseLocation: Sendable, CustomStringConvertible {
    /// A file; beside it lie its `-wal`, `-shm` and `.lock`.
    case sqlite(path: String)

    /// Reads `sqlite://relative/path` or `sqlite:///absolute/path`.
    public init?(url: String) {
        let scheme = "sqlite://"
        guard url.hasPrefix(scheme), url.count > scheme.count else { return nil }
        self = .sqlite(path: String(url.dropFirst(scheme.count)))
    }

    public var description: String {
        switch self {
        case .sqlite(let path): "sqlite://\(path)"
        }
    }
}
