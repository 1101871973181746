/// How long a server of a shared database waits for what. Each of them ends in an error that is either tried again or told.
struct PostgreSQLLimits: Sendable {
    /// For a connection, unless the address says otherwise.
    var connectSeconds = 5
    /// For one statement, by the database's clock.
    var statementTimeout: Duration = .seconds(10)
    /// For a row that somebody else has locked.
    var lockTimeout: Duration = .seconds(5)
    /// How long a transaction may stand without a word: what a frozen server holds is free for the others then.
    var idleInTransactionTimeout: Duration = .seconds(5)
    /// For the answer of one trip, when the database does not even keep its own limits: a lock for each of two statements goes out with a third.
    var answerTimeout: Duration = .seconds(35)
    /// How long a call waits for a database that is away before it is refused.
    var outagePatience: Duration = .seconds(5)
    /// For the outcome of a commit whose connection was lost.
    var outcomePatience: Duration = .seconds(30)
    /// How often a transaction is tried that others come in the way of.
    var attemptsMax = 8
}
