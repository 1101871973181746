import Core
import GRDB
import Wire

/// A database in one file: one thread that writes, a few that read.
final class SQLiteEngine: Engine {
    private let writes: WorkQueue<WriteJob>
    private let reads: WorkQueue<ReadJob>
    private let counter = StatisticsCounter()
    private let writerEnd = Latch()
    private let readerEnds: [Latch]
    private let lock: FileLock

    init(
        path: String, time: any TimeSource, committed: any CommittedEvents, configuration: DatabaseConfiguration, migrations: [Migration]
    ) throws {
        writes = WorkQueue(jobsMax: configuration.writesWaitingMax)
        reads = WorkQueue(jobsMax: configuration.readsWaitingMax)
        readerEnds = (0..<configuration.readers).map { _ in Latch() }

        let lock = try FileLock(path: path)
        self.lock = lock
        let writerQueue = try SQLiteFile.openForWriting(path)
        try SQLiteMigrator.migrate(writerQueue, migrations, time: time, randomBytes: configuration.randomBytes)
        let readerQueues = try readerEnds.map { _ in try SQLiteFile.openForReading(path) }

        // The threads hold what they need and not the engine, so that they end when it is dropped. Each holds the lock: it is released with
        // the last connection.
        start("ringside.writer", on: writerQueue, until: writerEnd, holding: lock) { [writes, counter] database in
            let writer = SQLiteWriter(
                connection: SQLiteConnection(database), time: time, committed: committed, configuration: configuration, statistics: counter
            )
            writer.serve(writes)
            // The next start is quicker with an empty log; a log that stays loses nothing.
            _ = try? database.checkpoint(.truncate)
        }
        for (queue, end) in zip(readerQueues, readerEnds) {
            start("ringside.reader", on: queue, until: end, holding: lock) { [reads] database in
                SQLiteReader(connection: SQLiteConnection(database), time: time, configuration: configuration).serve(reads)
            }
        }
    }

    /// Gives a connection its thread, for as long as the work lasts.
    private func start(
        _ name: String, on queue: DatabaseQueue, until end: Latch, holding lock: FileLock,
        _ work: @escaping @Sendable (GRDB.Database) -> Void
    ) {
        DatabaseThread.start(name) {
            queue.inDatabase(work)
            // Closes twice at worst: the queue's own end does so too, and only the files' state counts.
            try? queue.close()
            withExtendedLifetime(lock) {}
            end.open()
        }
    }

    deinit {
        writes.close()
        reads.close()
    }

    /// Nobody else writes the file: what its own commits hand over is all there is.
    var tail: (any LogTail)? { nil }

    var statistics: DatabaseStatistics {
        var statistics = counter.current
        statistics.writesWaiting = writes.count
        statistics.readsWaiting = reads.count
        return statistics
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
        writes.close()
        reads.close()
        for end in readerEnds { await end.wait() }
        await writerEnd.wait()
        // The threads let go of the lock a moment after their ends are known: too late for whoever opens the file again at once.
        lock.release()
    }
}
