import Core
import Wire

/// The hub's way to the log.
extension Database: EventLog {
    public func read(channel: String, after: UInt64?, limit: Int, reverse: Bool) async throws -> LogPage {
        try await read { snapshot in
            let channelTop = try snapshot.channelTop(named: channel)
            guard limit > 0, let channelID = channelTop.channelID else { return LogPage(top: channelTop.position, entries: []) }
            let bound: SQL =
                switch (after, reverse) {
                case (let after?, false): "AND \"offset\" > \(after)"
                case (let after?, true): "AND \"offset\" < \(after)"
                case (nil, _): ""
                }
            let order: SQL = reverse ? "DESC" : "ASC"
            let entries: [LogEntry] = try snapshot.all(
                """
                SELECT "offset", data FROM event WHERE channel_id = \(channelID) \(bound)
                ORDER BY "offset" \(order) LIMIT \(limit)
                """
            )
            return LogPage(top: channelTop.position, entries: entries)
        }
    }
}

extension LogEntry: RowDecodable {
    public init(row: Row) throws {
        self.init(offset: try row["offset"], data: try row["data"])
    }
}
