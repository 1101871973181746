import DequeModule
import Wire

/// What a subscription is still to be told before it is live: it has begun, but is not yet in the channel's audience.
///
/// The events are those of the stream, shared with everybody else who missed them.
final class CatchUp {
    private var missed: Deque<Broadcast>
    /// The last publication that was told, which the next one may be a difference from.
    private(set) var previous: Broadcast?
    /// The client has got everything up to here.
    private(set) var position: StreamPosition
    /// Goes on after a pause.
    var isPausing = false
    var pause = FullQueuePause()

    /// - Parameter position: where the subscription began.
    init(from position: StreamPosition, _ missed: [Broadcast] = []) {
        self.position = position
        self.missed = Deque(missed)
    }

    var next: Broadcast? { missed.first }

    func append(_ more: [Broadcast]) { missed.append(contentsOf: more) }

    /// The next one was told.
    func advance() {
        guard let told = missed.popFirst() else { return }
        previous = told
        position = told.position
    }
}
