import Wire

/// A channel's row, seen together with the epoch.
struct ChannelTop: RowDecodable {
    /// Nil for a channel that was never written: it has no row, and costs none.
    let channelID: Int64?
    let position: StreamPosition

    init(row: Row) throws {
        channelID = try row["id"]
        position = StreamPosition(epoch: try row["epoch"], offset: try row["top"] ?? 0)
    }
}

extension Snapshot {
    func channelTop(named name: String) throws -> ChannelTop {
        try one(
            """
            SELECT epoch.value AS epoch, channel.id AS id, channel.top AS top
            FROM epoch LEFT JOIN channel ON channel.name = \(name)
            """
        )
    }
}
