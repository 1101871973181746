import Core

/// What the threads of an engine share.
final class PostgreSQLSite: Sendable {
    /// More than there are threads whose work could be cancelled.
    private static let cancelRequestsMax = 1_024

    let address: PostgreSQLAddress
    let configuration: DatabaseConfiguration
    let limits: PostgreSQLLimits
    let time: any TimeSource
    let committed: any CommittedEvents
    let catalogue = ConstraintCatalogue()
    let statistics = StatisticsCounter()
    let order = ChannelOrder()
    let stop = StopSignal()
    /// Nothing more is begun: the close has waited long enough.
    let abandoned = StopSignal()
    let cancelRequests = WorkQueue<CancelRequest>(jobsMax: cancelRequestsMax)

    init(
        _ address: PostgreSQLAddress, time: any TimeSource, committed: any CommittedEvents, configuration: DatabaseConfiguration,
        limits: PostgreSQLLimits
    ) {
        self.address = address
        self.time = time
        self.committed = committed
        self.configuration = configuration
        self.limits = limits
    }

    /// Has a piece of work cut short, without waiting for it. Where too many ask, the statement's own time limit ends it.
    func cancel(_ work: RunningWork, _ number: Int) {
        try? cancelRequests.append(CancelRequest(work: work, number: number))
    }

    /// A connection for a thread of its own.
    func makeLine() -> PostgreSQLLine {
        PostgreSQLLine(patience: limits.outagePatience, stop: stop) { [self] in
            try PostgreSQLConnection(address, limits, catalogue, time: time)
        }
    }
}
