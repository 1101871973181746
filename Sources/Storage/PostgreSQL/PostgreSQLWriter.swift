import Core
import Wire

/// Runs the writes of one connection, each in a transaction of its own; confined to its thread.
///
/// Others write at the same time, on this server and on others. A transaction that they come in the way of is run again; PostgreSQL itself lets
/// commits that come together share a sync.
final class PostgreSQLWriter {
    private static let retryDelayMin: Duration = .milliseconds(5)
    private static let retryDelayMax: Duration = .milliseconds(300)

    private let line: PostgreSQLLine
    private let site: PostgreSQLSite
    private let randomness: Randomness
    private let appender: SharedLogAppender
    private let running: RunningWork

    init(_ site: PostgreSQLSite, _ running: RunningWork) {
        self.site = site
        self.running = running
        line = site.makeLine()
        randomness = Randomness(source: site.configuration.randomBytes)
        appender = SharedLogAppender(
            historyEventsMax: site.configuration.historyEventsMax, notifies: site.configuration.notifiesCommits
        )
    }

    /// Returns when the queue is closed and all that was in it is answered.
    func serve(_ queue: WorkQueue<WriteJob>) {
        while let jobs = queue.take(max: 1, sharedBy: site.configuration.writers) {
            for job in jobs {
                if job.cancellation.isCancelled {
                    job.refuse(CancellationError())
                } else if site.abandoned.isStopped {
                    job.refuse(StorageError.unavailable("the database is closed"))
                } else {
                    perform(job)
                }
            }
        }
    }

    /// How one run of a closure has ended.
    private enum Outcome {
        case answered
        case refused(any Error)
        /// Nothing was committed, and it may run again.
        case again(StorageError)
        /// The closure went on after a statement that was refused: it needs savepoints.
        case careful(after: PostgreSQLFault)
    }

    private func perform(_ job: WriteJob) {
        var mode = TransactionMode.write
        var attempts = 1
        while true {
            switch attempt(job, mode) {
            case .answered: return
            case .refused(let error): return job.refuse(error)
            case .careful(let fault):
                // What is refused in spite of savepoints stays refused.
                guard mode != .careful else { return job.refuse(fault.told) }
                mode = .careful
            case .again(let error):
                let delay = Duration.backOff(attempts, from: Self.retryDelayMin, to: Self.retryDelayMax)
                guard attempts < site.limits.attemptsMax, site.stop.pause(for: delay) else { return job.refuse(error) }
                attempts += 1
            }
            site.statistics.update { $0.replays += 1 }
        }
    }

    private func attempt(_ job: WriteJob, _ mode: TransactionMode) -> Outcome {
        do {
            let connection = try line.connection()
            // A write that has begun is not for its caller to stop, only for a close that has waited long enough.
            _ = running.begin(connection.session.canceller)
            defer { running.end() }
            try connection.begin(mode)
            let tx = Transaction(
                connection: connection, context: job.context, timeZoneVersion: site.configuration.timeZoneVersion, randomness: randomness
            ) { connection.now }
            let result = Result { try job.run(tx) }
            switch (connection.fault, result) {
            case (nil, .success(let acknowledge)): return commit(tx, acknowledge, connection)
            case (.lost(let loss), _):
                line.drop()
                return .again(.unavailable(loss.reason))
            case (.passing(let error), _):
                rollback(connection)
                return .again(error)
            case (let fault?, .success):
                rollback(connection)
                return .careful(after: fault)
            case (let fault, .failure(let error)):
                let hasGoneOn = connection.hasGoneOnAfterFault
                rollback(connection)
                guard let fault, hasGoneOn else { return .refused(error) }
                return .careful(after: fault)
            }
        } catch {
            return .refused(error)
        }
    }

    /// The change is true once this returns ``Outcome/answered``: the watchers' side is told first, so that nobody who has his answer can ask
    /// for an event that is not on its way.
    private func commit(_ tx: Transaction, _ acknowledge: Acknowledgement, _ connection: PostgreSQLConnection) -> Outcome {
        let batch = EventBatch(tx.emitted)
        return site.order.holding(batch.channels) {
            do {
                finish(try appender.commit(tx.emitted, batch, on: connection), acknowledge)
                return .answered
            } catch let unanswered as CommitUnanswered {
                line.drop()
                return settle(unanswered, tx.emitted, acknowledge)
            } catch PostgreSQLFault.lost(let loss) {
                line.drop()
                return .again(.unavailable(loss.reason))
            } catch {
                rollback(connection)
                if case PostgreSQLFault.passing(let error) = error { return .again(error) }
                return .refused((error as? PostgreSQLFault)?.told ?? error)
            }
        }
    }

    private func settle(_ unanswered: CommitUnanswered, _ emitted: [EmittedEvent], _ acknowledge: Acknowledgement) -> Outcome {
        switch CommitInquiry(unanswered, emitted, patience: site.limits.outcomePatience).settle(over: line, stop: site.stop) {
        case .committed(let events):
            finish(events, acknowledge)
            return .answered
        case .rolledBack: return .again(.unavailable(unanswered.reason))
        case .unknown: return .refused(StorageError.unavailable("the outcome of a commit is not known: \(unanswered.reason)"))
        }
    }

    private func finish(_ events: [CommittedEvent], _ acknowledge: Acknowledgement) {
        site.statistics.update { statistics in
            statistics.transactions += 1
            statistics.commits += 1
            statistics.events += events.count
        }
        if !events.isEmpty { site.committed.committed(events) }
        acknowledge()
    }

    private func rollback(_ connection: PostgreSQLConnection) {
        do { try connection.rollback() } catch { line.drop() }
    }
}
