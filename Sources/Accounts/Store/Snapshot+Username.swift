import Core
import Storage

extension Snapshot {
    /// The name of an account for those who may know it (its owner, staff); nil once the account is deleted.
    public func username(of id: UserID) throws -> String? {
        try value("SELECT username FROM account WHERE id = \(id) AND deleted_at IS NULL")
    }
}
