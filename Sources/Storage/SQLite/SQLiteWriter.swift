import Core
import Wire

/// Runs the writes of a file, many in one commit; confined to the writer's thread.
///
/// A sync to the disk costs as much as dozens of small transactions, so those that wait together share one: each runs in a savepoint of its
/// own, and all are acknowledged after the one commit. Nothing waits for company: a batch is what has queued up while the last one was
/// written.
final class SQLiteWriter {
    /// Tries to begin a batch while something else, a backup for one, holds the file; each waits for the connection's busy timeout.
    private static let beginAttemptsMax = 3

    private let connection: SQLiteConnection
    private let time: any TimeSource
    private let committed: any CommittedEvents
    private let configuration: DatabaseConfiguration
    private let statistics: StatisticsCounter
    private let randomness: Randomness
    private let appender: EventAppender
    private let clock = ContinuousClock()

    init(
        connection: SQLiteConnection, time: any TimeSource, committed: any CommittedEvents, configuration: DatabaseConfiguration,
        statistics: StatisticsCounter
    ) {
        self.connection = connection
        self.time = time
        self.committed = committed
        self.configuration = configuration
        self.statistics = statistics
        randomness = Randomness(source: configuration.randomBytes)
        appender = EventAppender(connection: connection, historyEventsMax: configuration.historyEventsMax)
    }

    /// Returns when the queue is closed and all that was in it is answered.
    func serve(_ queue: WorkQueue<WriteJob>) {
        while let jobs = queue.take(max: configuration.batchTransactionsMax, sharedBy: 1) {
            var waiting = jobs[...]
            while !waiting.isEmpty { commitBatch(from: &waiting) }
        }
    }

    /// Runs jobs until the time of a batch is over, and commits them.
    private func commitBatch(from waiting: inout ArraySlice<WriteJob>) {
        let deadline = clock.now + configuration.batchDurationMax
        var taken: [WriteJob] = []
        let outcome = attempt {
            guard taken.isEmpty || clock.now < deadline else { return nil }
            while let job = waiting.popFirst() {
                // Whoever asked has gone, and nothing has happened yet.
                guard !job.cancellation.isCancelled else {
                    job.refuse(CancellationError())
                    continue
                }
                taken.append(job)
                return job
            }
            return nil
        }
        switch outcome {
        case .committed(let batch): finish(batch)
        case .fallen(let error): replay(taken, after: error)
        }
    }

    /// A batch that fell took innocent transactions along. All of them run again, each in a commit of its own, which shows whose the fault
    /// was and, on a disk that has become full, may still let the small ones through.
    private func replay(_ jobs: [WriteJob], after error: StorageError) {
        guard jobs.count > 1 else {
            for job in jobs { job.refuse(error) }
            return
        }
        statistics.update { $0.replays += 1 }
        for job in jobs {
            var rest = [job][...]
            switch attempt({ rest.popFirst() }) {
            case .committed(let batch): finish(batch)
            case .fallen(let error): job.refuse(error)
            }
        }
    }

    /// One outer transaction around as many jobs as there are. Nobody is answered here: until the commit even a refusal may rest on a row
    /// that will never have existed.
    private func attempt(_ next: () -> WriteJob?) -> Outcome {
        var batch = Batch()
        do {
            try begin()
            while let job = next() { try run(job, in: &batch) }
            batch.events = try appender.append(batch.emitted)
            try connection.control("COMMIT")
            return .committed(batch)
        } catch {
            // May have nothing left to roll back; what counts is that no transaction stands afterwards.
            if connection.isInsideTransaction { try? connection.control("ROLLBACK") }
            return .fallen(StorageError(error))
        }
    }

    private func begin() throws {
        var attempts = 1
        while true {
            do {
                return try connection.control("BEGIN IMMEDIATE")
            } catch {
                guard attempts < Self.beginAttemptsMax else { throw error }
                attempts += 1
            }
        }
    }

    /// - Throws: when the outer transaction is gone. What only concerns the job is rolled back to its savepoint and kept for its caller.
    private func run(_ job: WriteJob, in batch: inout Batch) throws {
        try connection.control("SAVEPOINT job")
        let tx = Transaction(connection: connection, now: time.now, context: job.context, randomness: randomness)
        let result = Result { try job.run(tx) }
        guard connection.isInsideTransaction else {
            guard case .failure(let error) = result else { throw StorageError.unavailable("the transaction was ended by an error") }
            throw error
        }
        switch result {
        case .success(let acknowledge):
            batch.answers.append(acknowledge)
            batch.emitted.append(contentsOf: tx.emitted)
            batch.transactions += 1
        case .failure(let error):
            try connection.control("ROLLBACK TO job")
            batch.answers.append { job.refuse(error) }
        }
        try connection.control("RELEASE job")
    }

    /// The change is true now: tell the watchers' side first, so that nobody who has his answer can ask for an event that is not on its way.
    private func finish(_ batch: Batch) {
        statistics.update { statistics in
            statistics.transactions += batch.transactions
            statistics.events += batch.events.count
            if batch.transactions > 0 { statistics.commits += 1 }
        }
        if !batch.events.isEmpty { committed.committed(batch.events) }
        for answer in batch.answers { answer() }
    }

    private struct Batch {
        var answers: [Acknowledgement] = []
        var emitted: [EmittedEvent] = []
        var events: [CommittedEvent] = []
        var transactions = 0
    }

    private enum Outcome {
        case committed(Batch)
        case fallen(StorageError)
    }
}
