import Core
import Wire

/// Finds out what became of a commit whose connection was lost before the answer, so that it is neither acknowledged nor run again on a guess.
struct CommitInquiry {
    enum Verdict {
        /// With the events' places, as far as they are still in the log.
        case committed([CommittedEvent])
        case rolledBack
        /// The database was away for too long.
        case unknown
    }

    private static let delayMin: Duration = .milliseconds(20)
    private static let delayMax: Duration = .milliseconds(500)

    private let transactionID: Int64
    private let emitted: [EmittedEvent]
    private let patience: Duration
    private let clock = ContinuousClock()

    init(_ unanswered: CommitUnanswered, _ emitted: [EmittedEvent], patience: Duration) {
        transactionID = unanswered.transactionID
        self.emitted = emitted
        self.patience = patience
    }

    /// Asks until the database knows, on connections of their own.
    func settle(over line: PostgreSQLLine, stop: StopSignal) -> Verdict {
        let deadline = clock.now + patience
        var attempts = 0
        while true {
            if let verdict = verdict(over: line) { return verdict }
            attempts += 1
            let delay = Duration.backOff(attempts, from: Self.delayMin, to: Self.delayMax)
            guard clock.now < deadline, stop.pause(for: delay) else { return .unknown }
        }
    }

    /// - Returns: nil while it can't be told: the database is away, or the transaction still stands.
    private func verdict(over line: PostgreSQLLine) -> Verdict? {
        do {
            let connection = try line.connection()
            let row = try connection.ask("SELECT pg_xact_status(\(String(transactionID))::xid8) AS status").first
            let status: String? = try row?["status"]
            switch status {
            case "committed": return try committed(over: connection)
            case "aborted": return .rolledBack
            default: return nil
            }
        } catch PostgreSQLFault.refused(StorageError.statement) {
            // The number lies in the future: after a crash the database has begun to count again before it, so it never became true.
            return .rolledBack
        } catch {
            line.drop()
            return nil
        }
    }

    /// A number may be given a second time after a crash when nothing that bore it had reached the disk. So where there are events they are
    /// looked up: no other transaction has written these.
    private func committed(over connection: PostgreSQLConnection) throws -> Verdict {
        guard !emitted.isEmpty else { return .committed([]) }
        let rows = try connection.ask(
            """
            SELECT channel.name AS channel, epoch.value AS epoch, event."offset", event.data
            FROM event JOIN channel ON channel.id = event.channel_id CROSS JOIN epoch
            WHERE channel.name IN \(list: Set(emitted.map(\.channel)).sorted()) AND event.data IN \(list: emitted.map(\.data))
            ORDER BY event.id
            """
        )
        guard !rows.isEmpty else { return .rolledBack }
        return .committed(
            try rows.map { row in
                CommittedEvent(
                    channel: try row["channel"], position: StreamPosition(epoch: try row["epoch"], offset: try row["offset"]),
                    data: try row["data"]
                )
            }
        )
    }
}
