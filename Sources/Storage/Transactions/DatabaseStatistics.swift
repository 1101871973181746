/// Counts since the database was opened, and the queues at the moment.
public struct DatabaseStatistics: Hashable, Sendable {
    /// Transactions that were committed.
    public internal(set) var transactions = 0
    /// Commits that reached the disk; each carried one or more transactions.
    public internal(set) var commits = 0
    /// Events that were committed.
    public internal(set) var events = 0
    /// Batches that fell as a whole and were run again one by one; where there are many writers, transactions that were run again.
    public internal(set) var replays = 0
    /// How long each commit took to reach the disk, in seconds.
    public internal(set) var commitSeconds = DatabaseHistogram.durations
    /// From the beginning of each batch to the end of its commit, in seconds.
    public internal(set) var batchSeconds = DatabaseHistogram.durations
    /// How many transactions shared each commit.
    public internal(set) var batchTransactions = DatabaseHistogram.sizes
    /// Writes that wait for the writer.
    public internal(set) var writesWaiting = 0
    /// Reads that wait for a reader.
    public internal(set) var readsWaiting = 0
}
