/// The channels that an event loop follows: those that are watched, and those that were a moment ago.
///
/// A channel lingers when its last watcher has gone, because most come back at once: whoever loads a page again, or changes from one network
/// to another. What it still keeps spares them a read of the log.
struct ChannelTable {
    private var channels: [String: WatchedChannel] = [:]
    private var lingeringCount = 0
    private var tickets = 0

    subscript(name: String) -> WatchedChannel? { channels[name] }

    /// In no order; those that go while somebody walks through them are still in it.
    var all: [WatchedChannel] { Array(channels.values) }

    var count: Int { channels.count }

    var subscriptionCount: Int { channels.values.reduce(0) { $0 + $1.audience.count } }

    /// Subscribers by channel, of channels that have any.
    var audiences: [String: Int] {
        channels.compactMapValues { $0.audience.count > 0 ? $0.audience.count : nil }
    }

    /// What a subscription is known by among those that wait for their start.
    mutating func nextTicket() -> Int {
        tickets += 1
        return tickets
    }

    /// The channel for one who is about to watch it: it lingers no more.
    mutating func watch(_ name: String, orBegin begin: () -> WatchedChannel) -> WatchedChannel {
        guard let channel = channels[name] else {
            let channel = begin()
            channels[name] = channel
            return channel
        }
        if channel.lingerDue != nil {
            channel.lingerDue = nil
            lingeringCount -= 1
        }
        return channel
    }

    /// Keeps a channel that nobody watches until then.
    ///
    /// - Parameter most: how many may linger.
    /// - Returns: false when there are too many, and it must be removed.
    mutating func linger(_ channel: WatchedChannel, until second: Int, most: Int) -> Bool {
        guard lingeringCount < most else { return false }
        lingeringCount += 1
        channel.lingerDue = second
        return true
    }

    mutating func remove(_ channel: WatchedChannel) {
        if channel.lingerDue != nil { lingeringCount -= 1 }
        channels[channel.name] = nil
    }
}
