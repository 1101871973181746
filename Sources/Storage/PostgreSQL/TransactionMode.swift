/// In what way a connection runs a transaction.
enum TransactionMode {
    /// One snapshot for all that is read, as SQLite's readers have it: a stream's position then fits the rows, and no read can tell the engines
    /// apart.
    case read
    /// Each statement sees what was committed before it, so that what follows a lock sees what the lock waited for.
    case write
    /// As ``write``, with a savepoint around each statement: for a closure that goes on after a refusal.
    case careful

    var beginning: SQL {
        switch self {
        case .read: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        case .write, .careful: "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
        }
    }

    /// Asks for the clock; in a transaction that may write also for the number that it has from now on.
    var mark: SQL {
        switch self {
        case .read:
            "SELECT NULL::bigint AS id, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS at"
        case .write, .careful:
            "SELECT pg_current_xact_id()::text::bigint AS id, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS at"
        }
    }
}
