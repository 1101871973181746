import Wire

/// Comparing quiet channels with the log (protocol A.6), in case an event was lost on its way here.
extension HubShard {
    /// Channels of one read.
    private static let channelsPerReadMax = 1_000

    /// Reads where the channels stand that are due: one read for all of them, as tens of thousands of people each have a channel of their own.
    func checkPositions() {
        while !positionChecks.isEmpty {
            let checks = Array(positionChecks.prefix(Self.channelsPerReadMax))
            positionChecks.removeFirst(checks.count)
            check(checks)
        }
    }

    private func check(_ checks: [(channel: WatchedChannel, id: Int)]) {
        let log = self.log
        let names = checks.map(\.channel.name)
        figures.logReads += 1
        tasks.run {
            try? await log.tops(of: names)
        } then: { [weak self] tops in
            self?.finish(checks, tops)
        }
    }

    private func finish(_ checks: [(channel: WatchedChannel, id: Int)], _ tops: [StreamPosition]?) {
        if let tops {
            for (check, top) in zip(checks, tops) { perform(check.channel.stream.completed(read: check.id, top: top), check.channel) }
        } else {
            figures.logReadFailures += 1
            logger.warning("The positions of channels could not be read", metadata: ["channels": "\(checks.count)"])
            for check in checks { perform(check.channel.stream.failed(read: check.id), check.channel) }
        }
        pump()
    }
}
