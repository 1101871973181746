import DequeModule
import Wire

/// The channels that a connection resumes, one after the other: what each of them brings can fill half of the connection's queue. As many
/// as the connection may have channels, at most.
struct RecoveryQueue {
    struct Recovery {
        let channel: String
        let since: StreamPosition
        let traits: SubscriptionTraits
    }

    private var waiting = Deque<Recovery>()
    /// The one that was begun and not answered yet.
    private var current: String?
    /// The next one waits for the client to take what it has got.
    var isPausing = false
    var pause = FullQueuePause()

    var isNextReady: Bool { current == nil && !waiting.isEmpty }

    mutating func wait(_ channel: String, _ since: StreamPosition, _ traits: SubscriptionTraits) {
        waiting.append(Recovery(channel: channel, since: since, traits: traits))
    }

    mutating func beginNext() -> Recovery? {
        let next = waiting.popFirst()
        current = next?.channel
        // Most connections never resume again: they keep no room for it.
        if waiting.isEmpty { waiting = [] }
        return next
    }

    /// The channel was answered, or nobody wants it any more.
    mutating func end(_ channel: String) {
        if current == channel { current = nil }
        if !waiting.isEmpty { waiting.removeAll { $0.channel == channel } }
    }
}
