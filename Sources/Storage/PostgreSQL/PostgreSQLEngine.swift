import Core
import Wire

/// A database that several servers share: threads that write and threads that read, each with a connection of its own.
final class PostgreSQLEngine: Engine {
    private let site: PostgreSQLSite
    private let writes: WorkQueue<WriteJob>
    private let reads: WorkQueue<ReadJob>
    private let ends: [Latch]
    private let listener: PostgreSQLListener?

    /// - Parameter notified: where given, called on a thread of the engine's whenever another server has committed, and whenever that may have
    ///   been missed.
    /// - Throws: ``StorageError``, ``MigrationError``.
    init(_ site: PostgreSQLSite, migrations: [Migration], notified: (@Sendable () -> Void)?) throws {
        self.site = site
        writes = WorkQueue(jobsMax: site.configuration.writesWaitingMax)
        reads = WorkQueue(jobsMax: site.configuration.readsWaitingMax)
        try PostgreSQLMigrator.migrate(site, migrations)
        listener = try notified.map { try PostgreSQLListener(site, notified: $0) }

        var ends: [Latch] = []
        // The threads hold what they need and not the engine, so that they end when it is dropped.
        for _ in 0..<site.configuration.writers {
            ends.append(Self.start("ringside.writer") { [writes] in PostgreSQLWriter(site).serve(writes) })
        }
        for _ in 0..<site.configuration.readers {
            ends.append(Self.start("ringside.reader") { [reads] in PostgreSQLReader(site).serve(reads) })
        }
        if let listener { ends.append(Self.start("ringside.listener") { listener.serve() }) }
        self.ends = ends
    }

    private static func start(_ name: String, _ work: @escaping @Sendable () -> Void) -> Latch {
        let end = Latch()
        DatabaseThread.start(name) {
            work()
            end.open()
        }
        return end
    }

    deinit { stop() }

    private func stop() {
        writes.close()
        reads.close()
        site.stop.stop()
        listener?.stop()
    }

    func write<Answer: Sendable>(
        by context: CallContext, _ body: @escaping @Sendable (Transaction) throws -> Answer
    ) async throws -> Answer {
        try await writes.ask(by: context, body)
    }

    func read<Answer: Sendable>(_ body: @escaping @Sendable (Snapshot) throws -> Answer) async throws -> Answer {
        try await reads.ask(body)
    }

    func close() async {
        stop()
        for end in ends { await end.wait() }
    }

    var tail: (any LogTail)? { self }

    var statistics: DatabaseStatistics {
        var statistics = site.statistics.current
        statistics.writesWaiting = writes.count
        statistics.readsWaiting = reads.count
        return statistics
    }
}
