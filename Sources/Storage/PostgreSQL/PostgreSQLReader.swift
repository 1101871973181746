import Core
import Wire

/// Runs the reads of one connection; confined to its thread.
final class PostgreSQLReader {
    private let line: PostgreSQLLine
    private let site: PostgreSQLSite
    private let running: RunningWork

    init(_ site: PostgreSQLSite, _ running: RunningWork) {
        self.site = site
        self.running = running
        line = site.makeLine()
    }

    /// Returns when the queue is closed and all that was in it is answered.
    func serve(_ queue: WorkQueue<ReadJob>) {
        while let jobs = queue.take(max: site.configuration.snapshotReadsMax, sharedBy: site.configuration.readers) {
            var waiting = jobs[...]
            var attempts = 1
            if site.abandoned.isStopped { refuse(&waiting, StorageError.unavailable("the database is closed")) }
            while !waiting.isEmpty {
                let count = waiting.count
                let reason = shareSnapshot(&waiting)
                attempts = waiting.count < count ? 1 : attempts + 1
                if let reason, attempts > site.limits.attemptsMax || site.abandoned.isStopped {
                    refuse(&waiting, StorageError.unavailable(reason))
                }
            }
        }
    }

    /// One snapshot for as many as come through: it begins after the last of them was asked for, so whoever was told of a commit before sees
    /// it. A statement that is refused ends the snapshot, and the next read gets another.
    ///
    /// - Returns: why it ended before it was of use to the first that is left; that one may run again.
    private func shareSnapshot(_ waiting: inout ArraySlice<ReadJob>) -> String? {
        do {
            let connection = try line.connection()
            try connection.begin(.read)
            defer { end(connection) }
            while let job = waiting.first {
                let result = Result { try run(job, over: connection) }
                switch connection.fault {
                case .lost(let loss): return loss.reason
                case .passing: return "others were in the way"
                case .refused, nil: break
                }
                waiting.removeFirst()
                switch result {
                case .success(let acknowledge): acknowledge()
                case .failure(let error): job.refuse(error)
                }
                if connection.fault != nil { return nil }
            }
        } catch {
            refuse(&waiting, error)
        }
        return nil
    }

    /// Lets go of the read when its caller does: nobody would look at what it finds.
    private func run(_ job: ReadJob, over connection: PostgreSQLConnection) throws -> Acknowledgement {
        if job.cancellation.isCancelled { throw CancellationError() }
        let number = running.begin(connection.session.canceller)
        defer { running.end() }
        job.cancellation.whenMarked { [site, running] in site.cancel(running, number) }
        return try job.run(Snapshot(connection: connection) { connection.now })
    }

    /// Nothing is lost with it; whoever has read has his answer already.
    private func end(_ connection: PostgreSQLConnection) {
        if case .lost? = connection.fault { return line.drop() }
        do { try connection.rollback() } catch { line.drop() }
    }

    private func refuse(_ waiting: inout ArraySlice<ReadJob>, _ error: any Error) {
        for job in waiting { job.refuse(error) }
        waiting = []
    }
}
