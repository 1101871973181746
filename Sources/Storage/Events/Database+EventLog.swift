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

extension Database {
    /// Names in one statement.
    private static let namesPerStatement = 100

    public func tops(of channels: [String]) async throws -> [StreamPosition] {
        try await read { snapshot in
            guard let epoch: String = try snapshot.value("SELECT value FROM epoch") else { throw StorageError.noRow }
            var tops: [String: UInt64] = [:]
            for start in stride(from: 0, to: channels.count, by: Self.namesPerStatement) {
                var names = Array(channels[start..<min(start + Self.namesPerStatement, channels.count)])
                // Always as many, so that it is one statement to the engine however many there are.
                names += repeatElement(channels[start], count: Self.namesPerStatement - names.count)
                for row in try snapshot.all("SELECT name, top FROM channel WHERE name IN \(list: names)") {
                    tops[try row["name"]] = try row["top"]
                }
            }
            // A channel that was never written has no row.
            return channels.map { StreamPosition(epoch: epoch, offset: tops[$0] ?? 0) }
        }
    }
}

extension LogEntry: RowDecodable {
    public init(row: Row) throws {
        self.init(offset: try row["offset"], data: try row["data"])
    }
}
