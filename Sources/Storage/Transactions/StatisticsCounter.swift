import Synchronization

/// Where the threads of a database count what they do, once per batch.
final class StatisticsCounter: Sendable {
    private let statistics = Mutex(DatabaseStatistics())

    var current: DatabaseStatistics { statistics.withLock { $0 } }

    func update(_ body: (inout DatabaseStatistics) -> Void) {
        statistics.withLock { body(&$0) }
    }
}
