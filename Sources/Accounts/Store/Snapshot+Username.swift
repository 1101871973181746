import Core
import Storage

extension Snapshot {
    /// The name of an account for those who may know it (its owner, staff); nil once the account is deleted.
    public func username(of id: UserID) throws -> String? {
        try value("SELECT username FROM account WHERE id = \(id) AND deleted_at IS NULL")
    }

    /// Whose name that is, whatever its case; nil for nobody's.
    public func userID(named username: String) throws -> UserID? {
        try value("SELECT id FROM account WHERE username_key = \(Username.key(of: username)) AND deleted_at IS NULL")
    }
}

extension UserID {
    /// What stands in the place of the name, and of the address, once the account is deleted. Nobody can register it: a username has no colon.
    public var nameOnceDeleted: String { "deleted:\(self)" }
}
