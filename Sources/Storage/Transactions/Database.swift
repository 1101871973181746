import Core
import Wire

/// The one place where state is kept. Closures run on the database's threads; the callers wait without blocking theirs.
public struct Database: Sendable {
    let engine: any Engine
    let configuration: DatabaseConfiguration
    let jobAlarm = JobAlarm()

    /// Commits what the closure does, all of it or, when it throws, nothing. Returns after the change is on the disk.
    ///
    /// Where the context carries an idempotency key, the answer is stored in the same commit. A repeat by the same caller with the same key
    /// changes nothing: it gets that answer, and `context.replay` is marked. Failures are not stored.
    ///
    /// - Throws: what the closure throws; `RequestError.idempotencyKeyReused` when the key came with another request before;
    ///   `RequestError.overloaded` when too many writes wait; `CancellationError` when the task was cancelled before the closure ran;
    ///   ``DatabaseUnavailable``, ``StorageError``.
    @discardableResult
    public func write<Answer: Codable & Sendable>(
        for context: CallContext, _ body: @escaping @Sendable (Transaction) throws -> Answer
    ) async throws -> Answer {
        guard let idempotency = context.idempotency else { return try await writeUnrecorded(by: context, body) }
        let outcome = try await writeUnrecorded(by: context) { tx in try tx.answerOnce(idempotency, body) }
        switch outcome {
        case .fresh(let answer):
            return answer
        case .stored(let json):
            context.replay.mark()
            return try json.decode()
        }
    }

    /// Commits as ``write(for:_:)`` does, but never stores the answer: because it holds a secret, or because there is no client.
    @discardableResult
    public func writeUnrecorded<Answer: Sendable>(
        by context: CallContext, _ body: @escaping @Sendable (Transaction) throws -> Answer
    ) async throws -> Answer {
        let (answer, jobDueAt) = try await tellingUnavailability {
            try await engine.write(by: context) { tx in (try body(tx), tx.firstJobDueAt) }
        }
        if let jobDueAt { jobAlarm.ring(dueAt: jobDueAt) }
        return answer
    }

    /// Reads in one consistent view, which holds everything that was committed before the call.
    ///
    /// - Throws: what the closure throws; `RequestError.overloaded` when too many reads wait; `CancellationError` when the task was cancelled
    ///   before the closure ran; ``DatabaseUnavailable``, ``StorageError``.
    public func read<Answer: Sendable>(_ body: @escaping @Sendable (Snapshot) throws -> Answer) async throws -> Answer {
        try await tellingUnavailability { try await engine.read(body) }
    }

    /// Commits what is queued, refuses what comes later with ``DatabaseUnavailable``, and returns when the files are closed.
    public func close() async {
        await engine.close()
    }

    /// Tells which channels other servers have moved, where several can share the database; else nil.
    public var tail: (any LogTail)? { engine.tail }

    /// What the database has done since it was opened.
    public var statistics: DatabaseStatistics { engine.statistics }
}
