import Core

/// A kind of database: how transactions are queued, run and committed. One folder for each.
protocol Engine: Sendable {
    /// Runs the closure in a transaction, commits with the offsets of what it emitted, hands the events over, then answers.
    func write<Answer: Sendable>(
        by context: CallContext, _ body: @escaping @Sendable (Transaction) throws -> Answer
    ) async throws -> Answer

    /// Runs the closure in a snapshot that began after the call.
    func read<Answer: Sendable>(_ body: @escaping @Sendable (Snapshot) throws -> Answer) async throws -> Answer

    func close() async

    /// Tells what other servers have written; nil where there can be none.
    var tail: (any LogTail)? { get }

    var statistics: DatabaseStatistics { get }
}
