/// Why a transaction can't go on.
enum PostgreSQLFault: Error {
    /// The connection is gone, and the transaction with it.
    case lost(ConnectionLost)
    /// Others came in its way: it may run again.
    case passing(StorageError)
    /// A statement was refused. PostgreSQL lets nothing more happen in the transaction.
    case refused(any Error)

    /// What the closure is told.
    var told: any Error {
        switch self {
        case .lost(let loss): StorageError.unavailable(loss.reason)
        case .passing(let error): error
        case .refused(let error): error
        }
    }
}

/// A commit went out, and the connection was lost before the answer came.
struct CommitUnanswered: Error {
    let transactionID: Int64
    let reason: String
}
