import GRDB

extension StorageError {
    /// Turns SQLite's codes into ours; an error that already is one of ours stays.
    init(_ error: any Error) {
        switch error {
        case let error as StorageError: self = error
        case let error as DatabaseError: self = Self.mapped(error)
        default: self = .statement(String(describing: type(of: error)))
        }
    }

    private static func mapped(_ error: DatabaseError) -> Self {
        let message = error.message ?? "no message"
        switch error.extendedResultCode {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID: return .unique(subject(of: message))
        case .SQLITE_CONSTRAINT_FOREIGNKEY: return .foreignKey
        case .SQLITE_CONSTRAINT_CHECK: return .check(subject(of: message))
        case .SQLITE_CONSTRAINT_NOTNULL: return .notNull(subject(of: message))
        case .SQLITE_CONSTRAINT_TRIGGER: return .refused(message)
        default: break
        }
        switch error.resultCode {
        case .SQLITE_ERROR, .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_MISUSE, .SQLITE_RANGE, .SQLITE_TOOBIG, .SQLITE_AUTH:
            return .statement(message)
        default:
            return .unavailable("SQLite \(error.extendedResultCode.rawValue): \(message)")
        }
    }

    /// What follows the colon in `UNIQUE constraint failed: account.username`.
    private static func subject(of message: String) -> String {
        guard let colon = message.range(of: "failed: ") else { return message }
        return String(message[colon.upperBound...])
    }
}
