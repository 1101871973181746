import Wire

/// What a node can do, by kind of job.
public struct JobHandlers: Sendable {
    private(set) var byKind: [String: JobHandler] = [:]

    public init() {}

    /// Registers who does a kind of job; each kind once.
    ///
    /// - Parameter work: does what takes time, outside of any transaction, and answers with what is to be written in the commit that ends the
    ///   job. It may run again after it has succeeded (the node died before that commit), so what it does outside must bear repetition.
    ///   A cancelled task should end soon.
    public mutating func register<Kind: JobKind>(_ kind: Kind.Type, _ work: @escaping @Sendable (Kind) async throws -> JobEnding) {
        add(Kind.self, attemptsMax: Kind.attemptsMax, recurrence: nil, work)
    }

    /// Registers who does a recurring job, which is arranged for by ``JobQueue/begin()``.
    public mutating func register<Kind: RecurringJobKind>(_ kind: Kind.Type, _ work: @escaping @Sendable (Kind) async throws -> JobEnding) {
        let recurrence = JobRecurrence(intervalSeconds: Kind.intervalSeconds) { tx in
            let dueAt = tx.now.advanced(bySeconds: Kind.intervalSeconds)
            try tx.execute(
                """
                INSERT INTO job (kind, payload, key, due_at, created_at)
                VALUES (\(Kind.kind), \(try RawJSON(encoding: Kind())), \(Kind.kind), \(dueAt), \(tx.now))
                ON CONFLICT (key) DO NOTHING
                """
            )
        }
        add(Kind.self, attemptsMax: nil, recurrence: recurrence, work)
    }

    private mutating func add<Kind: JobKind>(
        _: Kind.Type, attemptsMax: Int?, recurrence: JobRecurrence?, _ work: @escaping @Sendable (Kind) async throws -> JobEnding
    ) {
        precondition(byKind[Kind.kind] == nil, "two handlers for \(Kind.kind)")
        byKind[Kind.kind] = JobHandler(attemptsMax: attemptsMax, runSecondsMax: Kind.runSecondsMax, recurrence: recurrence) { payload in
            try await work(payload.decode())
        }
    }
}

/// One kind of job, without its type.
struct JobHandler: Sendable {
    /// Nil is tried for ever.
    let attemptsMax: Int?
    let runSecondsMax: Int64
    let recurrence: JobRecurrence?
    let work: @Sendable (RawJSON) async throws -> JobEnding
}

/// How a recurring job comes round.
struct JobRecurrence: Sendable {
    let intervalSeconds: Int64
    /// Makes the row, unless there is one.
    let arrange: @Sendable (Transaction) throws -> Void
}
