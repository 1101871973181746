import Core

/// What the threads of an engine share.
final class PostgreSQLSite: Sendable {
    let address: PostgreSQLAddress
    let configuration: DatabaseConfiguration
    let limits: PostgreSQLLimits
    let time: any TimeSource
    let committed: any CommittedEvents
    let catalogue = ConstraintCatalogue()
    let statistics = StatisticsCounter()
    let order = ChannelOrder()
    let stop = StopSignal()

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

    /// A connection for a thread of its own.
    func makeLine() -> PostgreSQLLine {
        PostgreSQLLine(patience: limits.outagePatience, stop: stop) { [self] in
            try PostgreSQLConnection(address, limits, catalogue, time: time)
        }
    }
}
