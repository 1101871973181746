import DequeModule
import Wire

/// What a subscription is still to be told before it is live: it has begun, but is not yet in the channel's audience.
///
/// The events are those of the stream, shared with everybody else who missed them in the same read. Others read the same from the log anew, so
/// of a lot only the first part is kept: the rest is asked for when that is told.
final class CatchUp {
    private(set) var missed: Deque<Broadcast>
    /// The last publication that was told, which the next one may be a difference from.
    private(set) var previous: Broadcast?
    /// The client has got everything up to here.
    private(set) var position: StreamPosition
    /// Goes on after a pause.
    var isPausing = false
    /// The stream was asked for what comes next.
    var isAsking = false
    /// The log has more than was kept of it.
    var hasMore = false
    /// About as many events as may be kept at once, by what the last were like: no more of them need be read.
    private(set) var eventsExpected = 16
    var pause = FullQueuePause()
    /// Something was missed before the subscription began.
    let isBehind: Bool
    /// As what the others are to see the connection once it is live: it hears of that itself.
    var coming: (info: ClientInfo, options: ChannelOptions)?

    /// - Parameters:
    ///   - position: where the subscription began.
    ///   - isBehind: whether anything was missed before that.
    init(from position: StreamPosition, isBehind: Bool = false) {
        self.position = position
        self.isBehind = isBehind
        missed = []
    }

    var next: Broadcast? { missed.first }

    /// Keeps what may wait in memory; at least one event, however large, unless nothing may.
    func append(_ more: [Broadcast], bytesMax: Int) {
        var bytes = 0
        for (number, event) in more.enumerated() {
            bytes += event.retainedBytes
            guard bytes <= bytesMax || (missed.isEmpty && bytesMax > 0) else {
                hasMore = true
                if number > 0 { eventsExpected = number }
                return
            }
            missed.append(event)
        }
        eventsExpected = max(eventsExpected, 2 * more.count)
    }

    /// The next one was told.
    func advance() {
        guard let told = missed.popFirst() else { return }
        previous = told
        position = told.position
    }
}
