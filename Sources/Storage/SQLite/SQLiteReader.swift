import Core

/// Runs reads of a file; confined to its thread.
struct SQLiteReader {
    let connection: SQLiteConnection
    let time: any TimeSource
    let configuration: DatabaseConfiguration

    /// Returns when the queue is closed and all that was in it is answered.
    func serve(_ queue: WorkQueue<ReadJob>) {
        while let jobs = queue.take(max: configuration.snapshotReadsMax, sharedBy: configuration.readers) {
            run(jobs)
        }
    }

    /// One snapshot for all: it begins after the last of them was asked for, so whoever was told of a commit before sees it.
    private func run(_ jobs: [ReadJob]) {
        do {
            try connection.control(.beginDeferred)
        } catch {
            for job in jobs { job.refuse(error) }
            return
        }
        for job in jobs {
            guard !job.cancellation.isCancelled else {
                job.refuse(CancellationError())
                continue
            }
            let now = time.now
            do { try job.run(Snapshot(connection: connection) { now })() } catch { job.refuse(error) }
        }
        // Ends the snapshot; there is nothing to lose.
        if connection.isInsideTransaction { try? connection.control(.rollback) }
    }
}
