import Core
import Wire

/// A database that several servers share: threads that write and threads that read, each with a connection of its own.
final class PostgreSQLEngine: Engine {
    private static let cancelInterval: Duration = .milliseconds(50)

    private let site: PostgreSQLSite
    private let writes: WorkQueue<WriteJob>
    private let reads: WorkQueue<ReadJob>
    private let ends: [Latch]
    private let running: [RunningWork]
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
        var running: [RunningWork] = []
        func begun() -> RunningWork {
            let work = RunningWork()
            running.append(work)
            return work
        }
        // The threads hold what they need and not the engine, so that they end when it is dropped.
        for _ in 0..<site.configuration.writers {
            let work = begun()
            ends.append(Self.start("ringside.writer") { [writes] in PostgreSQLWriter(site, work).serve(writes) })
        }
        for _ in 0..<site.configuration.readers {
            let work = begun()
            ends.append(Self.start("ringside.reader") { [reads] in PostgreSQLReader(site, work).serve(reads) })
        }
        if let listener { ends.append(Self.start("ringside.listener") { listener.serve() }) }
        self.ends = ends
        self.running = running
        DatabaseThread.start("ringside.canceller") {
            while let requests = site.cancelRequests.take(max: 1, sharedBy: 1) {
                for request in requests { request.work.cancel(request.number) }
            }
        }
    }

    private static func start(_ name: String, _ work: @escaping @Sendable () -> Void) -> Latch {
        let end = Latch()
        DatabaseThread.start(name) {
            work()
            end.open()
        }
        return end
    }

    deinit {
        stop()
        site.cancelRequests.close()
    }

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
        let hasEnded = StopSignal()
        cutShort(unless: hasEnded)
        for end in ends { await end.wait() }
        hasEnded.stop()
        site.cancelRequests.close()
    }

    /// Nobody waits for ever for a server that stops: what runs after a while is stopped, statement by statement.
    private func cutShort(unless hasEnded: StopSignal) {
        DatabaseThread.start("ringside.closing") { [site, running] in
            guard hasEnded.pause(for: site.configuration.closingPatience) else { return }
            site.abandoned.stop()
            repeat {
                for work in running { work.cancel() }
            } while hasEnded.pause(for: Self.cancelInterval)
        }
    }

    var tail: (any LogTail)? { self }

    var statistics: DatabaseStatistics {
        var statistics = site.statistics.current
        statistics.writesWaiting = writes.count
        statistics.readsWaiting = reads.count
        return statistics
    }
}
