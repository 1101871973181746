import Core

extension WorkQueue<WriteJob> {
    /// Queues a write and waits for its answer, without blocking a thread.
    ///
    /// - Throws: what the closure or the engine throws; as ``WorkQueue/append(_:)``.
    func ask<Answer: Sendable>(
        by context: CallContext, _ body: @escaping @Sendable (Transaction) throws -> Answer
    ) async throws -> Answer {
        try await asking { cancellation, continuation in
            WriteJob(
                context: context, cancellation: cancellation,
                run: { tx in
                    let answer = try body(tx)
                    return { continuation.resume(returning: answer) }
                },
                refuse: { continuation.resume(throwing: $0) }
            )
        }
    }
}

extension WorkQueue<ReadJob> {
    /// Queues a read and waits for its answer, without blocking a thread.
    ///
    /// - Throws: what the closure or the engine throws; as ``WorkQueue/append(_:)``.
    func ask<Answer: Sendable>(_ body: @escaping @Sendable (Snapshot) throws -> Answer) async throws -> Answer {
        try await asking { cancellation, continuation in
            ReadJob(
                cancellation: cancellation,
                run: { snapshot in
                    let answer = try body(snapshot)
                    return { continuation.resume(returning: answer) }
                },
                refuse: { continuation.resume(throwing: $0) }
            )
        }
    }
}

extension WorkQueue {
    private func asking<Answer: Sendable>(
        _ job: (CancellationMark, CheckedContinuation<Answer, any Error>) -> Job
    ) async throws -> Answer {
        let cancellation = CancellationMark()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                do { try append(job(cancellation, continuation)) } catch { continuation.resume(throwing: error) }
            }
        } onCancel: {
            cancellation.mark()
        }
    }
}
