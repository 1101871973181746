import CPostgreSQL
import Foundation

/// A connection of libpq in pipeline mode; confined to the thread that owns it.
///
/// Everything that goes out together is answered together: a trip to the server costs more than most statements.
final class PostgreSQLSession {
    /// A statement with its values, ready to go.
    struct Command {
        let statement: PostgreSQLStatement
        let parameters: PostgreSQLParameters
        /// Whether it asks for the transaction's clock and number.
        var isMark = false
    }

    /// The results of the commands up to the first that failed.
    struct Answer {
        var results: [PostgreSQLResult] = []
        var failure: (any Error)?
    }

    /// Names the lock that every connection shares for as long as it stands: who replaces all that a database holds takes it for himself, and
    /// so keeps out of the way of servers, and they of him. Any number will do that nobody else uses.
    static let useLockNumber = 7_265_677

    let handle: OpaquePointer
    let canceller: StatementCanceller
    private let answerTimeout: Duration
    private let clock = ContinuousClock()

    /// Waits for the server, for `connect_timeout` at most.
    ///
    /// - Throws: ``ConnectionLost`` with what libpq says, which never holds the password.
    init(_ address: PostgreSQLAddress, _ limits: PostgreSQLLimits) throws {
        // What stands before the address is a default that it may override; what comes after it may not be overridden.
        let options = [
            ("fallback_application_name", "ringside"), ("connect_timeout", "\(limits.connectSeconds)"), ("keepalives_idle", "10"),
            ("keepalives_interval", "5"), ("keepalives_count", "3"), ("tcp_user_timeout", "20000"), ("dbname", address.uri),
            ("client_encoding", "UTF8"),
        ]
        guard let handle = Self.withCStrings(options, { PQconnectdbParams($0, $1, 1) }) else {
            throw ConnectionLost(reason: "libpq has no memory")
        }
        self.handle = handle
        canceller = StatementCanceller(handle)
        answerTimeout = limits.answerTimeout
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        guard PQstatus(handle) == CONNECTION_OK else { throw lost("can't connect") }
        try configure(limits)
    }

    deinit { PQfinish(handle) }

    /// The socket, to wait for what comes unasked.
    var descriptor: Int32 { PQsocket(handle) }

    /// Whether a transaction stands, failed or not, as of the last answer.
    var isInsideTransaction: Bool { PQtransactionStatus(handle) != PQTRANS_IDLE }

    private func configure(_ limits: PostgreSQLLimits) throws {
        // Durable means that the commit has reached the disk; an installation that asks for more than that keeps it.
        try execute(
            """
            SET statement_timeout = \(limits.statementTimeout.milliseconds);
            SET lock_timeout = \(limits.lockTimeout.milliseconds);
            SET idle_in_transaction_session_timeout = \(limits.idleInTransactionTimeout.milliseconds);
            SET default_transaction_isolation = 'read committed';
            SET standard_conforming_strings = on;
            SELECT pg_advisory_lock_shared(\(Self.useLockNumber));
            SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
            """
        )
    }

    /// Statements as they are, outside of the pipeline: for the set-up of the connection and the schema. One transaction, unless they say
    /// otherwise.
    ///
    /// - Throws: ``PostgreSQLFailure``, ``ConnectionLost``.
    func execute(_ text: String) throws {
        PQexitPipelineMode(handle)
        guard let result = PQexec(handle, text) else { throw lost("no answer") }
        defer { PQclear(result) }
        let failure = Self.isError(result) ? PostgreSQLFailure(result) : nil
        guard PQstatus(handle) == CONNECTION_OK else { throw lost(failure?.message ?? "no answer") }
        PQenterPipelineMode(handle)
        PQsetnonblocking(handle, 1)
        if let failure { throw failure }
    }

    /// Sends the commands in one go and waits for all answers. After a failure the server skips the rest.
    ///
    /// - Throws: ``ConnectionLost``: nobody knows how far the server has come.
    func exchange(_ commands: [Command]) throws -> Answer {
        // What comes twice is prepared once: the server does not take a name again.
        var named: Set<String> = []
        let prepares = commands.map { !$0.statement.isPrepared && named.insert($0.statement.name).inserted }
        for (command, isNew) in zip(commands, prepares) { try send(command, preparing: isNew) }
        guard PQpipelineSync(handle) == 1 else { throw lost("can't send") }
        let deadline = clock.now + answerTimeout
        try flush(until: deadline)
        var answer = Answer()
        for (command, isNew) in zip(commands, prepares) { try receive(command, prepared: isNew, into: &answer, until: deadline) }
        if let sync = try receive(until: deadline) { PQclear(sync) }
        return answer
    }

    private func send(_ command: Command, preparing isNew: Bool) throws {
        let statement = command.statement
        if isNew {
            let sent = PQsendPrepare(handle, statement.name, statement.text, Int32(statement.types.count), statement.types)
            guard sent == 1 else { throw lost("can't send") }
        }
        let sent = command.parameters.withPointers { values, lengths, formats in
            PQsendQueryPrepared(handle, statement.name, Int32(values.count), values, lengths, formats, 1)
        }
        guard sent == 1 else { throw lost("can't send") }
    }

    private func receive(
        _ command: Command, prepared isNew: Bool, into answer: inout Answer, until deadline: ContinuousClock.Instant
    ) throws {
        let statement = command.statement
        if isNew {
            statement.isPrepared = try receiveOne(into: &answer, until: deadline) { _ in true } ?? false
        }
        let result = try receiveOne(into: &answer, until: deadline) { try PostgreSQLResult($0, columns: &statement.columns) }
        if let result { answer.results.append(result) }
    }

    /// One result and the end of it.
    ///
    /// - Returns: nil for a failure, which the answer keeps, and for what was skipped after one.
    private func receiveOne<Value>(
        into answer: inout Answer, until deadline: ContinuousClock.Instant, _ read: (OpaquePointer) throws -> Value
    ) throws -> Value? {
        guard let result = try receive(until: deadline) else { throw lost("no answer") }
        defer { PQclear(result) }
        var value: Value?
        if Self.isError(result) {
            let failure = PostgreSQLFailure(result)
            guard PQstatus(handle) == CONNECTION_OK, !failure.endsConnection else { throw ConnectionLost(reason: failure.message) }
            answer.failure = answer.failure ?? failure
        } else if PQresultStatus(result) != PGRES_PIPELINE_ABORTED {
            do { value = try read(result) } catch { answer.failure = answer.failure ?? error }
        }
        guard try receive(until: deadline) == nil else { throw lost("an answer too many") }
        return value
    }

    static func isError(_ result: OpaquePointer) -> Bool {
        let status = PQresultStatus(result)
        return status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE
    }

    private func receive(until deadline: ContinuousClock.Instant) throws -> OpaquePointer? {
        while PQisBusy(handle) == 1 {
            try wait(for: Int16(POLLIN), until: deadline)
            guard PQconsumeInput(handle) == 1 else { throw lost("the connection broke") }
        }
        return PQgetResult(handle)
    }

    private func flush(until deadline: ContinuousClock.Instant) throws {
        while true {
            switch PQflush(handle) {
            case 0: return
            case 1: try wait(for: Int16(POLLIN | POLLOUT), until: deadline)
            default: throw lost("the connection broke")
            }
            // The server may stop reading until somebody takes what it has to say.
            guard PQconsumeInput(handle) == 1 else { throw lost("the connection broke") }
        }
    }

    /// The server keeps its own limits; this one is for a server that has stopped altogether.
    private func wait(for events: Int16, until deadline: ContinuousClock.Instant) throws {
        var descriptor = pollfd(fd: PQsocket(handle), events: events, revents: 0)
        let left = (deadline - clock.now).milliseconds
        guard left > 0 else { throw ConnectionLost(reason: "the server does not answer") }
        let ready = poll(&descriptor, 1, Int32(clamping: left))
        guard ready >= 0 || errno == EINTR else { throw ConnectionLost(reason: String(cString: strerror(errno))) }
    }

    /// What has come unasked since the last look (`NOTIFY`); without waiting.
    ///
    /// - Returns: whether there was any.
    /// - Throws: ``ConnectionLost``.
    func takeNotifications() throws -> Bool {
        guard PQconsumeInput(handle) == 1, PQstatus(handle) == CONNECTION_OK else { throw lost("the connection broke") }
        var hasAny = false
        while let notification = PQnotifies(handle) {
            PQfreemem(notification)
            hasAny = true
        }
        return hasAny
    }

    func lost(_ summary: String) -> ConnectionLost {
        let message = PQerrorMessage(handle).map { String(cString: $0) } ?? ""
        let line = message.split(whereSeparator: \.isNewline).joined(separator: "; ")
        return ConnectionLost(reason: line.isEmpty ? summary : "\(summary): \(line)")
    }

    private static func withCStrings<Result>(
        _ options: [(String, String)], _ body: ([UnsafePointer<CChar>?], [UnsafePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = options.map { (strdup($0.0), strdup($0.1)) }
        defer {
            for (keyword, value) in copies {
                free(keyword)
                free(value)
            }
        }
        return body(copies.map { UnsafePointer($0.0) } + [nil], copies.map { UnsafePointer($0.1) } + [nil])
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}
