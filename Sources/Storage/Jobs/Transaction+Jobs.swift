import Wire

extension Transaction {
    /// The largest payload of a job, in bytes of JSON.
    public static let jobPayloadBytesMax = 65_536

    /// Has a job done at or after an instant, if and only if this transaction is committed.
    ///
    /// - Parameters:
    ///   - key: what the job hangs on, `noun:id` and so unique over all kinds. A job that stands under the key already is replaced, a dead one
    ///     too; one that is being run can't write its result any more.
    /// - Throws: ``JobError/payloadTooLarge``, ``StorageError``, `EncodingError`.
    public func enqueue<Kind: JobKind>(_ job: Kind, at dueAt: Instant, key: String? = nil) throws {
        let payload = try RawJSON(encoding: job)
        guard payload.bytes.count <= Self.jobPayloadBytesMax else { throw JobError.payloadTooLarge }
        try execute(
            """
            INSERT INTO job (kind, payload, key, due_at, created_at) VALUES (\(Kind.kind), \(payload), \(key), \(dueAt), \(now))
            ON CONFLICT (key) DO UPDATE SET
                kind = excluded.kind, payload = excluded.payload, due_at = excluded.due_at, created_at = excluded.created_at,
                attempts = 0, claims = job.claims + 1, claimed_by = NULL, last_error = NULL, died_at = NULL
            """
        )
        noteJob(dueAt: dueAt)
    }

    /// Has a job done as soon as somebody has time, if and only if this transaction is committed.
    ///
    /// - Throws: as ``enqueue(_:at:key:)``.
    public func enqueue(_ job: some JobKind, key: String? = nil) throws {
        try enqueue(job, at: now, key: key)
    }

    /// Takes back what was enqueued under a key, if and only if this transaction is committed. One that is being run can't write its result
    /// any more.
    ///
    /// - Returns: whether there was one.
    /// - Throws: ``StorageError``.
    @discardableResult
    public func cancelJob(_ key: String) throws -> Bool {
        try execute("DELETE FROM job WHERE key = \(key)") > 0
    }
}
