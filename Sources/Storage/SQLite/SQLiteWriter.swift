import Core
import Wire

/// Runs the writes of a file, many in one commit; confined to the writer's thread.
///
/// A sync to the disk costs as much as dozens of small transactions, so those that wait together share one, and all are acknowledged after
/// the one commit. Nothing waits for company: a batch is what has queued up while the last one was written.
///
/// What one of them changes before it fails must go without taking the others along. A savepoint around each would do, at the price of a
/// copy of every page that it touches. Almost none of those that fail have changed anything, so savepoints come into play only when one has:
/// the batch is rolled back and run again with them.
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
        var outcome = attempt(isolated: false) {
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
        if case .fallen(let error) = outcome, error is Entanglement {
            var again = taken[...]
            outcome = attempt(isolated: true) { again.popFirst() }
        }
        switch outcome {
        case .committed(let batch): finish(batch)
        case .fallen(let error) where taken.isEmpty:
            // Nothing can even begin: the disk is broken or somebody holds the file. Who waits is told so, or he would wait for ever.
            for job in waiting { job.refuse(StorageError(error)) }
            waiting = []
        case .fallen(let error): replay(taken, after: error)
        }
    }

    /// A batch that fell took innocent transactions along. All of them run again, each in a commit of its own, which shows whose the fault
    /// was and, on a disk that has become full, may still let the small ones through.
    private func replay(_ jobs: [WriteJob], after error: any Error) {
        guard jobs.count > 1 else {
            for job in jobs { job.refuse(StorageError(error)) }
            return
        }
        statistics.update { $0.replays += 1 }
        for job in jobs {
            var rest = [job][...]
            switch attempt(isolated: true, { rest.popFirst() }) {
            case .committed(let batch): finish(batch)
            case .fallen(let error): job.refuse(StorageError(error))
            }
        }
    }

    /// One transaction around as many jobs as there are. Nobody is answered here: until the commit even a refusal may rest on a row that will
    /// never have existed.
    ///
    /// - Parameter isolated: whether each job gets a savepoint. Without, the attempt falls with ``Entanglement`` where one is needed.
    private func attempt(isolated: Bool, _ next: () -> WriteJob?) -> Outcome {
        var batch = Batch()
        do {
            try begin()
            let began = clock.now
            while let job = next() {
                if isolated { try runIsolated(job, in: &batch) } else { try run(job, in: &batch) }
            }
            batch.events = try appender.append(batch.emitted)
            let ran = clock.now
            try connection.control(.commit)
            batch.commitDuration = clock.now - ran
            batch.duration = clock.now - began
            appender.batchWasCommitted()
            return .committed(batch)
        } catch {
            // May have nothing left to roll back; what counts is that no transaction stands afterwards.
            if connection.isInsideTransaction { try? connection.control(.rollback) }
            appender.batchWasRolledBack()
            return .fallen(error)
        }
    }

    private func begin() throws {
        var attempts = 1
        while true {
            do {
                return try connection.control(.beginImmediate)
            } catch {
                guard attempts < Self.beginAttemptsMax else { throw error }
                attempts += 1
            }
        }
    }

    /// - Throws: when the outer transaction is gone; ``Entanglement`` when the job failed and left changes. Any other failure is kept for the
    ///   job's caller.
    private func run(_ job: WriteJob, in batch: inout Batch) throws {
        let changesBefore = connection.changesTotal
        if case .failure(let error) = try perform(job, in: &batch) {
            guard connection.changesTotal == changesBefore else { throw Entanglement() }
            batch.answers.append { job.refuse(error) }
        }
    }

    /// - Throws: when the outer transaction is gone. What the job did before it failed is rolled back, and the failure kept for its caller.
    private func runIsolated(_ job: WriteJob, in batch: inout Batch) throws {
        try connection.control(.openSavepoint)
        if case .failure(let error) = try perform(job, in: &batch) {
            try connection.control(.rollbackToSavepoint)
            batch.answers.append { job.refuse(error) }
        }
        try connection.control(.closeSavepoint)
    }

    /// Runs the closure. Where it succeeds, its answer and its events become part of the batch.
    private func perform(_ job: WriteJob, in batch: inout Batch) throws -> Result<Void, any Error> {
        let now = time.now
        let tx = Transaction(
            connection: connection, context: job.context, timeZoneVersion: configuration.timeZoneVersion, randomness: randomness
        ) { now }
        let result = Result { try job.run(tx) }
        guard connection.isInsideTransaction else {
            guard case .failure(let error) = result else { throw StorageError.statement("the transaction was ended by an error") }
            throw error
        }
        return result.map { acknowledge in
            batch.answers.append(acknowledge)
            batch.emitted.append(contentsOf: tx.emitted)
            batch.transactions += 1
        }
    }

    /// The change is true now: tell the watchers' side first, so that nobody who has his answer can ask for an event that is not on its way.
    private func finish(_ batch: Batch) {
        statistics.update { statistics in
            statistics.transactions += batch.transactions
            statistics.events += batch.events.count
            guard batch.transactions > 0 else { return }
            statistics.commits += 1
            statistics.commitSeconds.observe(batch.commitDuration.inSeconds)
            statistics.batchSeconds.observe(batch.duration.inSeconds)
            statistics.batchTransactions.observe(Double(batch.transactions))
        }
        if !batch.events.isEmpty { committed.committed(batch.events) }
        for answer in batch.answers { answer() }
    }

    private struct Batch {
        var answers: [Acknowledgement] = []
        var emitted: [EmittedEvent] = []
        var events: [CommittedEvent] = []
        var transactions = 0
        var duration = Duration.zero
        /// The part of it that waited for the disk.
        var commitDuration = Duration.zero
    }

    private enum Outcome {
        case committed(Batch)
        case fallen(any Error)
    }

    /// A transaction failed after it had changed something, with nothing to tell its changes from those of the rest of the batch.
    private struct Entanglement: Error {}
}
