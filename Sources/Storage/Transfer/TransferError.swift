/// Why what one database holds is not in another now. Nothing is changed then.
public enum TransferError: Error, Hashable, CustomStringConvertible {
    /// There is a file or a database, but none of ours.
    case noInstallation(String)
    /// It lacks migrations of this release.
    case outdated(String)
    /// A server serves it, or somebody copies it.
    case inUse(String)
    /// A row is there already.
    case notEmpty(String, table: String)
    /// Only a file can be carried over to PostgreSQL.
    case wrongWay
    /// The engines disagree about a table's columns, or each of two tables refers to the other.
    case unknownShape(table: String)
    /// A value is of another kind than the other engine's column.
    case doesNotFit(column: String)
    /// What was written is not what was read.
    case differs(table: String)
    /// The connection was lost in the last moment.
    case outcomeUnknown(String)

    public var description: String {
        switch self {
        case .noInstallation(let place): "\(place) holds no data of Ringside"
        case .outdated(let place): "\(place) is of an older release: bring it up to date first, with `ringside migrate --database`"
        case .inUse(let place): "\(place) is in use: stop every server on it first"
        case .notEmpty(let place, let table): "\(place) is not empty: there are rows in \(table)"
        case .wrongWay:
            "only sqlite:// is carried to postgres://; for any other way make a backup of the one and restore it to the other"
        case .unknownShape(let table): "the table \(table) does not look alike on both sides"
        case .doesNotFit(let column): "a value of \(column) does not fit its column"
        case .differs(let table): "the rows of \(table) are not the same on both sides: nothing was changed"
        case .outcomeUnknown(let place): "the connection was lost while the end was being written: look whether \(place) is filled"
        }
    }
}
