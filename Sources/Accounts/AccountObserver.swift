import Core
import Storage

/// A feature that hangs on accounts: it cleans up after a person in the same commit that removes the person.
public protocol AccountObserver: Sendable {
    /// Called inside the transaction, while the account still stands as it was; what it throws stops the deletion.
    func accountWillBeDeleted(_ id: UserID, in tx: Transaction) throws

    /// Called inside the transaction that gives the account another name; what it throws stops that.
    func accountWillBeRenamed(_ id: UserID, to username: String, in tx: Transaction) throws
}
