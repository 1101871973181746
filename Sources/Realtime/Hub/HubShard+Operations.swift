import Wire

/// What the hub asks of an event loop from outside. On that loop.
extension HubShard {
    /// Tells everyone who watches the channel, on every event loop and every node.
    func tellEveryone(_ content: Broadcast.Content, on channel: String) {
        hub?.tellEveryone(content, on: channel)
    }

    /// Subscribers by channel, of channels that have any.
    var audiences: [String: Int] { channels.audiences }

    var currentFigures: HubFigures {
        var figures = figures
        figures.connections = connections.count
        figures.subscriptions = channels.subscriptionCount
        figures.channels = channels.count
        figures.queuedBytes = outboxes.queuedBytes
        figures.limitsHit[.inboxBytes] = inbox.dropped
        return figures
    }
}
