import Core
import Wire

extension PostgreSQLEngine: LogTail {
    /// The channels' rows bear the number of the transaction that moved them last. Every transaction with a number below the snapshot's `xmin`
    /// is over, and what it has written is in the snapshot: the next look begins there. One that is still in flight has a number at or above it
    /// and is found by that look, however late it commits.
    func moves(since mark: LogMark?, limit: Int) async throws -> LogMoves {
        try await read { snapshot in
            let moved: SQL =
                if let mark {
                    "SELECT name, top FROM channel WHERE moved_by >= \(String(mark.value))::xid8 LIMIT \(limit + 1)"
                } else {
                    "SELECT name, top FROM channel LIMIT 0"
                }
            let rows = try snapshot.all(
                """
                SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS mark, epoch.value AS epoch, moved.name, moved.top
                FROM epoch LEFT JOIN (\(moved)) moved ON TRUE
                """
            )
            guard let first = rows.first else { throw StorageError.noRow }
            let moves = try rows.compactMap { row -> ChannelMove? in
                let name: String? = try row["name"]
                return try name.map { ChannelMove(channel: $0, top: StreamPosition(epoch: try row["epoch"], offset: try row["top"])) }
            }
            return LogMoves(mark: LogMark(value: try first["mark"]), tops: moves.count > limit ? nil : moves)
        }
    }
}
