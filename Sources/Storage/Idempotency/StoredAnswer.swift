import Core
import Wire

/// The answer to an idempotent request, kept so that a repeat gets it again (draft-ietf-httpapi-idempotency-key-header).
struct StoredAnswer: RowDecodable {
    /// Answers that one step of the pruning removes.
    static let pruningChunk = 500

    let fingerprint: String
    let json: RawJSON

    init(row: Row) throws {
        fingerprint = try row["fingerprint"]
        json = try row["response"]
    }
}

/// What an idempotent write came to.
enum IdempotentOutcome<Answer: Sendable>: Sendable {
    case fresh(Answer)
    case stored(RawJSON)
}

extension Transaction {
    /// Runs the body unless this caller had an answer for this key before. The look-up, the change and the answer are one transaction, so
    /// of two requests with one key that come together one changes something and the other gets the first one's answer.
    ///
    /// - Throws: `RequestError.idempotencyKeyReused`, and what the body throws: then nothing is stored.
    func answerOnce<Answer: Codable & Sendable>(
        _ idempotency: Idempotency, _ body: (Transaction) throws -> Answer
    ) throws -> IdempotentOutcome<Answer> {
        // Before the look-up: a second request that comes while the first runs waits here, and finds its answer.
        try lock(name: "idempotency \(scope(of: idempotency)) \(idempotency.key)")
        if let stored = try storedAnswer(for: idempotency) {
            guard stored.fingerprint == idempotency.fingerprint else { throw RequestError.idempotencyKeyReused }
            return .stored(stored.json)
        }
        let answer = try body(self)
        try store(RawJSON(encoding: answer), for: idempotency)
        return .fresh(answer)
    }

    func removeAnswers(olderThan seconds: Int64) throws -> Int {
        try execute(
            """
            DELETE FROM idempotency WHERE (scope, key) IN (
                SELECT scope, key FROM idempotency WHERE created_at < \(now.advanced(bySeconds: -seconds))
                ORDER BY created_at LIMIT \(StoredAnswer.pruningChunk)
            )
            """
        )
    }

    private func storedAnswer(for idempotency: Idempotency) throws -> StoredAnswer? {
        try first(
            "SELECT fingerprint, response FROM idempotency WHERE scope = \(scope(of: idempotency)) AND key = \(idempotency.key)"
        )
    }

    private func store(_ answer: RawJSON, for idempotency: Idempotency) throws {
        try post(
            """
            INSERT INTO idempotency (scope, key, fingerprint, response, created_at)
            VALUES (\(scope(of: idempotency)), \(idempotency.key), \(idempotency.fingerprint), \(answer), \(now))
            """
        )
    }

    /// Keys of different people never meet. Nothing tells those apart who have not signed in, except what they ask: two strangers with one
    /// key and the same request are taken for one who repeats it, with different requests they are two.
    private func scope(of idempotency: Idempotency) -> String {
        context.accountID.map(\.description) ?? "anonymous:\(idempotency.fingerprint)"
    }
}
