import Core
import Storage

extension AccountService {
    /// Commits a change whose request holds a password, and honours its idempotency key.
    ///
    /// The fingerprint of a request is a fast hash, and everything else in it can be guessed: kept as it is, it would let whoever gets hold
    /// of the database try passwords a million times faster than against the password's own hash. So it is kept as a slow hash as well.
    func writeWithPassword<Answer: Codable & Sendable>(
        for context: CallContext, _ body: @escaping @Sendable (Transaction) throws -> Answer
    ) async throws -> Answer {
        guard let idempotency = context.idempotency else { return try await database.write(for: context, body) }
        let fingerprint = try await hasher.fingerprint(of: idempotency.fingerprint, salt: idempotency.key)
        let guarded = CallContext(
            caller: context.caller, transport: context.transport, requestID: context.requestID,
            idempotency: Idempotency(key: idempotency.key, fingerprint: fingerprint), remoteAddress: context.remoteAddress
        )
        let answer = try await database.write(for: guarded, body)
        if guarded.replay.isReplay { context.replay.mark() }
        return answer
    }
}
