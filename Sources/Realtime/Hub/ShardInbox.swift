import Core
import DequeModule
import Synchronization
import Wire

/// What other threads hand to one event loop, in order.
enum Arrival: Sendable {
    case event(Broadcast)
    case revocation(Revocation)
    /// Events of the channel up to there were dropped.
    case moved(channel: String, StreamPosition)
    /// Events of any channel may have been dropped.
    case movedAnywhere
    /// Revocations may have been dropped.
    case recheckCallers
    /// The log has forgotten what it kept of the channel; nil for any channel perhaps.
    case historyRemoved(channel: String?)

    var isEvent: Bool {
        if case .event = self { true } else { false }
    }
}

/// The hand-off to one event loop: one wake-up for everything that comes before the loop gets to it, and bounded, because a loop may be
/// stuck while thousands of commits go on.
final class ShardInbox: Sendable {
    private struct State {
        var arrivals = Deque<Arrival>()
        var bytes = 0
        /// Once an event of a channel is dropped, so is everything that follows it until the loop has caught up.
        var moved: [String: StreamPosition] = [:]
        var hasMovedAnywhere = false
        var mustRecheckCallers = false
        var hasRemovedAnyHistory = false
        var isLoopAwake = false
        /// Since the start.
        var dropped = 0
    }

    private let state = Mutex(State())
    private let bytesMax: Int
    private let movedChannelsMax: Int
    /// Revocations and removals are small, but a stuck loop may not cost all memory either.
    private static let noteBytes = 384

    init(bytesMax: Int, movedChannelsMax: Int) {
        self.bytesMax = bytesMax
        self.movedChannelsMax = movedChannelsMax
    }

    /// Callable from any thread; the calls' order is the order of arrival.
    ///
    /// - Returns: whether the loop must be woken.
    func put(events: [Broadcast], revocations: [Revocation]) -> Bool {
        state.withLock { state in
            for event in events { put(event, into: &state) }
            for revocation in revocations { put(revocation, into: &state) }
            defer { state.isLoopAwake = true }
            return !state.isLoopAwake
        }
    }

    /// How far channels reach, as the log says: behind every event of them that may have come. Callable from any thread.
    ///
    /// - Returns: whether the loop must be woken.
    func put(moves: [ChannelMove]) -> Bool {
        state.withLock { state in
            for move in moves { put(move, into: &state) }
            defer { state.isLoopAwake = true }
            return !state.isLoopAwake
        }
    }

    /// The same for every channel. Callable from any thread.
    ///
    /// - Returns: whether the loop must be woken.
    func putMoveAnywhere() -> Bool {
        state.withLock { state in
            state.moved.removeAll()
            state.hasMovedAnywhere = true
            defer { state.isLoopAwake = true }
            return !state.isLoopAwake
        }
    }

    /// Told once the log has removed what it kept of a channel: behind every event that it may still have had. Callable from any thread.
    func put(removalOf channel: String) {
        state.withLock { state in
            guard state.bytes + Self.noteBytes <= bytesMax else {
                state.hasRemovedAnyHistory = true
                return
            }
            state.arrivals.append(.historyRemoved(channel: channel))
            state.bytes += Self.noteBytes
        }
    }

    /// Events and revocations that did not fit, since the start.
    var dropped: Int { state.withLock { $0.dropped } }

    /// Everything that came since the last call. Empty when there was nothing: then the loop may go to sleep and will be woken.
    func take() -> Deque<Arrival> {
        state.withLock { state in
            var arrivals = state.arrivals
            for (channel, position) in state.moved { arrivals.append(.moved(channel: channel, position)) }
            if state.hasMovedAnywhere { arrivals.append(.movedAnywhere) }
            if state.mustRecheckCallers { arrivals.append(.recheckCallers) }
            if state.hasRemovedAnyHistory { arrivals.append(.historyRemoved(channel: nil)) }
            state = State(isLoopAwake: !arrivals.isEmpty, dropped: state.dropped)
            return arrivals
        }
    }

    private func put(_ event: Broadcast, into state: inout State) {
        guard !state.hasMovedAnywhere else {
            state.dropped += 1
            return
        }
        let fits = state.bytes + event.retainedBytes <= bytesMax
        if fits, state.moved.isEmpty || state.moved[event.channel] == nil {
            state.arrivals.append(.event(event))
            state.bytes += event.retainedBytes
            return
        }
        state.dropped += 1
        if event.isEphemeral {
            // Of interest at its moment only, and in no log to be read from.
            return
        }
        note(ChannelMove(channel: event.channel, top: event.position), in: &state)
    }

    private func put(_ move: ChannelMove, into state: inout State) {
        guard !state.hasMovedAnywhere else { return }
        guard state.moved[move.channel] == nil, state.bytes + Self.noteBytes <= bytesMax else { return note(move, in: &state) }
        state.arrivals.append(.moved(channel: move.channel, move.top))
        state.bytes += Self.noteBytes
    }

    private func note(_ move: ChannelMove, in state: inout State) {
        if let known = state.moved[move.channel] {
            // Several ways lead here, and what comes later may be older.
            if known.epoch != move.top.epoch || known.offset < move.top.offset { state.moved[move.channel] = move.top }
        } else if state.moved.count < movedChannelsMax {
            state.moved[move.channel] = move.top
        } else {
            state.moved.removeAll()
            state.hasMovedAnywhere = true
        }
    }

    private func put(_ revocation: Revocation, into state: inout State) {
        guard state.bytes + Self.noteBytes <= bytesMax else {
            state.dropped += 1
            state.mustRecheckCallers = true
            return
        }
        state.arrivals.append(.revocation(revocation))
        state.bytes += Self.noteBytes
    }
}
