import Core
import Wire

extension Database {
    /// Removes events, answers to idempotent requests and dead letters that are past their age, in small commits between which others get
    /// their turn. ``PruneStorage`` is the job that calls it.
    ///
    /// - Throws: ``StorageError``, `RequestError.overloaded`; what was removed until then stays removed.
    public func prune() async throws {
        try await pruneEvents()
        try await pruneAnswers()
        try await pruneDeadJobs()
    }

    private func pruneEvents() async throws {
        let secondsMax = configuration.historySecondsMax
        var lastID: Int64 = 0
        while true {
            let previousID = lastID
            let channelIDs = try await read { try $0.channelsWithEvents(olderThan: secondsMax, after: previousID) }
            for channelID in channelIDs {
                var isDone = false
                while !isDone {
                    isDone = try await writeUnrecorded(by: .system(requestID: "prune")) { tx in
                        try tx.removeEvents(of: channelID, olderThan: secondsMax) < EventHistory.pruningChunk
                    }
                }
            }
            guard let last = channelIDs.last else { return }
            lastID = last
        }
    }

    private func pruneAnswers() async throws {
        let secondsMax = configuration.idempotencySecondsMax
        var isDone = false
        while !isDone {
            isDone = try await writeUnrecorded(by: .system(requestID: "prune")) { tx in
                try tx.removeAnswers(olderThan: secondsMax) < StoredAnswer.pruningChunk
            }
        }
    }

    private func pruneDeadJobs() async throws {
        let secondsMax = configuration.deadJobSecondsMax
        var isDone = false
        while !isDone {
            isDone = try await writeUnrecorded(by: .system(requestID: "prune")) { tx in
                try tx.removeDeadJobs(olderThan: secondsMax) < Transaction.deadJobsPruningChunk
            }
        }
    }
}

extension Snapshot {
    /// The next channels whose oldest event is past its age: one look into the index for each channel.
    fileprivate func channelsWithEvents(olderThan seconds: Int64, after channelID: Int64) throws -> [Int64] {
        try all(
            """
            SELECT channel.id AS id FROM channel
            WHERE channel.id > \(channelID)
                AND (SELECT event.at FROM event WHERE event.channel_id = channel.id ORDER BY event."offset" LIMIT 1)
                    < \(now.advanced(bySeconds: -seconds))
            ORDER BY channel.id LIMIT \(EventHistory.channelsChunk)
            """
        ).map { try $0["id"] }
    }
}

extension Transaction {
    /// Looks at a channel's oldest events and removes those that are past their age, and what stands before them: the history has no holes.
    fileprivate func removeEvents(of channelID: Int64, olderThan seconds: Int64) throws -> Int {
        try execute(
            """
            DELETE FROM event WHERE channel_id = \(channelID) AND "offset" <= (
                SELECT MAX(oldest."offset") FROM (
                    SELECT "offset", at FROM event WHERE channel_id = \(channelID) ORDER BY "offset" LIMIT \(EventHistory.pruningChunk)
                ) AS oldest
                WHERE oldest.at < \(now.advanced(bySeconds: -seconds))
            )
            """
        )
    }
}
