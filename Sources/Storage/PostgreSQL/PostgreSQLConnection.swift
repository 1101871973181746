import CPostgreSQL
import Core
import Wire

/// One connection with its prepared statements and the state of its transaction; confined to the thread that owns it.
///
/// What needs no look at its result (`BEGIN`, a lock) waits for the next statement and shares its trip.
final class PostgreSQLConnection: SQLConnection {
    typealias Command = PostgreSQLSession.Command

    /// Statements that stay prepared. Texts vary with the length of lists and with which values are null, so there can be many.
    private static let statementsMax = 512

    let session: PostgreSQLSession
    private let catalogue: ConstraintCatalogue
    private let time: any TimeSource
    private var statements: [StatementKey: PostgreSQLStatement] = [:]

    /// Goes out with the next statement.
    private var waiting: [Command] = []
    private var mode = TransactionMode.read
    private var clockReading: Instant?

    /// The transaction's number, known from its first change or lock on: it decides what became of a commit without an answer.
    private(set) var transactionID: Int64?
    private(set) var fault: PostgreSQLFault?
    /// Whether the closure went on after a refusal, as if nothing had been.
    private(set) var hasGoneOnAfterFault = false
    /// Whether a new connection should take its place after the transaction: too many statements are prepared, or a table has other columns
    /// than when they were.
    private(set) var isWorn = false

    /// - Throws: ``ConnectionLost``, ``PostgreSQLFailure``.
    init(_ address: PostgreSQLAddress, _ limits: PostgreSQLLimits, _ catalogue: ConstraintCatalogue, time: any TimeSource) throws {
        session = try PostgreSQLSession(address, limits)
        self.catalogue = catalogue
        self.time = time
    }

    var hasRowLocks: Bool { true }

    /// Of the database, which all servers share, unless the server goes by a clock of its own. Read with the last lock; without one, now.
    var now: Instant {
        guard time.isMachineClock else { return time.now }
        // Where that fails so does the transaction, and nothing rests on the instant.
        if clockReading == nil || hasMarkWaiting, fault == nil, let failure = try? trip(hasMarkWaiting ? [] : [mark()]).failure {
            _ = note(failure)
        }
        return clockReading ?? time.now
    }

    // MARK: Transactions

    func begin(_ mode: TransactionMode) throws {
        self.mode = mode
        clockReading = nil
        transactionID = nil
        fault = nil
        hasGoneOnAfterFault = false
        waiting = [try command(mode.beginning)]
        if mode == .read, time.isMachineClock { waiting.append(try mark()) }
    }

    /// Sends the last statement, if there is one, together with the commit.
    ///
    /// - Returns: the last statement's result.
    /// - Throws: ``PostgreSQLFault``: nothing was committed; ``CommitUnanswered``: nobody knows.
    func commit(after last: [Command]) throws -> PostgreSQLResult? {
        guard session.isInsideTransaction || !last.isEmpty else {
            // Not a word was sent.
            waiting = []
            return nil
        }
        // Without its number nobody could tell afterwards what became of it.
        if !last.isEmpty, transactionID == nil {
            do {
                if let failure = try trip([mark()]).failure { throw note(failure) }
            } catch {
                throw fault ?? .refused(error)
            }
        }
        let commands = waiting + last + [try command("COMMIT")]
        let lastIndex = waiting.count
        waiting = []
        do {
            let answer = try session.exchange(commands)
            if let failure = answer.failure { throw note(failure) }
            return last.isEmpty ? nil : answer.results[lastIndex]
        } catch let loss as ConnectionLost {
            guard let transactionID else { throw PostgreSQLFault.lost(loss) }
            throw CommitUnanswered(transactionID: transactionID, reason: loss.reason)
        }
    }

    /// Ends the transaction without a trace.
    ///
    /// - Throws: ``ConnectionLost``, which does the same.
    func rollback() throws {
        waiting = []
        guard session.isInsideTransaction else { return }
        _ = try session.exchange([command("ROLLBACK")])
    }

    // MARK: Statements

    func query(_ sql: SQL) throws -> [Row] {
        try run(sql).rows
    }

    @discardableResult
    func execute(_ sql: SQL) throws -> Int {
        try run(sql).count
    }

    func insert(_ sql: SQL) throws -> Int64 {
        guard case .integer(let id)? = try run("\(sql) RETURNING id").rows.first?.values.first else { throw StorageError.noRow }
        return id
    }

    /// Waits for the next statement: what that one sees is what the lock has waited for. The clock is read once the rows are there, on the same
    /// trip.
    func lock(_ rows: SQL) throws {
        let lock: SQL = "\(rows) FOR NO KEY UPDATE"
        guard fault == nil, mode != .careful else {
            try run(lock, isLock: true)
            return
        }
        // One reading, after the last of the locks.
        waiting.removeAll(where: \.isMark)
        waiting += [try checked(lock), try mark()]
    }

    func lock(name: String) throws {
        try add("SELECT pg_advisory_xact_lock(hashtextextended(\(name), 0))")
    }

    /// Goes out with the next statement. Nobody looks at its result.
    func add(_ sql: SQL) throws {
        waiting.append(try command(sql))
    }

    func post(_ sql: SQL) throws {
        // Where a number is still to come, or a savepoint to be set, it takes a trip of its own.
        if fault != nil || transactionID == nil || mode == .careful { try run(sql) } else { waiting.append(try checked(sql)) }
    }

    /// A statement that is a transaction of its own.
    ///
    /// - Throws: ``PostgreSQLFault``.
    func ask(_ sql: SQL) throws -> [Row] {
        do {
            let answer = try session.exchange([command(sql)])
            if let failure = answer.failure { throw note(failure) }
            return answer.results.first?.rows ?? []
        } catch let loss as ConnectionLost {
            throw PostgreSQLFault.lost(loss)
        }
    }

    /// Statements as they are, for the schema.
    ///
    /// - Throws: ``PostgreSQLFailure``, ``ConnectionLost``.
    func script(_ text: String) throws {
        try session.execute(text)
    }

    @discardableResult
    private func run(_ sql: SQL, isLock: Bool = false) throws -> PostgreSQLResult {
        if let fault {
            hasGoneOnAfterFault = true
            throw fault.told
        }
        let statement = try checked(sql)
        var commands = mode == .careful ? [try command("SAVEPOINT statement"), statement] : [statement]
        let index = waiting.count + commands.count - 1
        let changes = statement.statement.kind == .writes && mode != .read
        if isLock || changes && transactionID == nil && !hasMarkWaiting { commands.append(try mark()) }
        let answer = try trip(commands)
        guard let failure = answer.failure else {
            if mode == .careful { waiting = [try command("RELEASE SAVEPOINT statement")] }
            return answer.results[index]
        }
        if mode == .careful, answer.results.count == index, session.isInsideTransaction, case .refused(let error) = read(failure) {
            waiting = [try command("ROLLBACK TO SAVEPOINT statement"), try command("RELEASE SAVEPOINT statement")]
            throw error
        }
        throw note(failure).told
    }

    /// - Throws: what the closure is to be told of a lost connection.
    private func trip(_ commands: [Command]) throws -> PostgreSQLSession.Answer {
        let all = waiting + commands
        waiting = []
        do {
            let answer = try session.exchange(all)
            for (command, result) in zip(all, answer.results) where command.isMark {
                guard let row = result.rows.first else { continue }
                clockReading = try row["at"]
                transactionID = try row["id"] ?? transactionID
            }
            return answer
        } catch let loss as ConnectionLost {
            fault = .lost(loss)
            throw StorageError.unavailable(loss.reason)
        }
    }

    // MARK: Commands

    private var hasMarkWaiting: Bool { waiting.contains(where: \.isMark) }

    private func mark() throws -> Command {
        var command = try command(mode.mark)
        command.isMark = true
        return command
    }

    func command(_ sql: SQL) throws -> Command {
        try command(sql.text, PostgreSQLParameters(sql.values))
    }

    func command(_ text: StatementText, _ parameters: PostgreSQLParameters) throws -> Command {
        let key = StatementKey(text: text, types: parameters.types)
        if let statement = statements[key] { return Command(statement: statement, parameters: parameters) }
        let statement = PostgreSQLStatement(
            name: "s\(statements.count)", text: text.rendered { "$\($0)" }, types: parameters.types
        )
        statements[key] = statement
        if statements.count >= Self.statementsMax { isWorn = true }
        return Command(statement: statement, parameters: parameters)
    }

    /// - Throws: ``StorageError`` for what a closure may not send.
    private func checked(_ sql: SQL) throws -> Command {
        let command = try command(sql)
        guard command.statement.kind != .other else { throw StorageError.forbiddenStatement }
        // A placeholder that somebody wrote out would take a value meant for another place.
        guard command.statement.isPrepared || !sql.text.holdsPlaceholderInLiteral else {
            throw StorageError.statement("a value was written into the text of the statement")
        }
        return command
    }

    private func note(_ failure: any Error) -> PostgreSQLFault {
        let fault = read(failure)
        self.fault = fault
        return fault
    }

    private func read(_ failure: any Error) -> PostgreSQLFault {
        guard let failure = failure as? PostgreSQLFailure else { return .refused(failure) }
        if failure.isPassing || failure.isCancellation && session.canceller.takeRequest() {
            if failure.state == "0A000" { isWorn = true }
            return .passing(.unavailable("PostgreSQL \(failure.state): \(failure.message)"))
        }
        let isForbidden = failure.state == "25006" && mode == .read
        return .refused(isForbidden ? StorageError.forbiddenStatement : StorageError(failure, catalogue))
    }

    private struct StatementKey: Hashable {
        let text: StatementText
        let types: [Oid]
    }
}
