import Client
import SeededRandom
import ServerTesting
import Synchronization
import Wire

/// Follows a channel through cuts, and remembers what came in the order in which it came.
final class Follower: Sendable {
    let subscription: ResumingSubscription
    private let journal: Journal

    /// - Parameters:
    ///   - since: where the snapshot ended that the follower begins with.
    ///   - cutOnceIn: cuts its own connection with an RST after one delivery in so many, at random; never where it is nil.
    init(
        _ channel: String, since: StreamPosition?, cutOnceIn deliveries: Int? = nil, seed: UInt64 = 0,
        connect: @escaping @Sendable () async throws -> LiveConnection
    ) {
        let journal = Journal(deliveriesBetweenCuts: deliveries, SplitMix64(seed: seed))
        self.journal = journal
        subscription = ResumingSubscription(to: channel, since: since, connect: connect) { delivery, subscription in
            if journal.note(delivery) { subscription.cut(reset: true) }
        }
    }

    /// What came, in that order.
    var heard: [LoggedEvent] { journal.heard }

    /// Whether everything came exactly once, and nothing had to be loaded anew.
    var isFlawless: Bool {
        let counts = subscription.counts
        return counts.gaps == 0 && counts.duplicates == 0 && counts.notRecovered == 0 && journal.isReadable
    }

    private final class Journal: Sendable {
        private struct State {
            var heard: [LoggedEvent] = []
            var isReadable = true
            var generator: SplitMix64
        }

        private let deliveriesBetweenCuts: Int?
        private let state: Mutex<State>

        init(deliveriesBetweenCuts: Int?, _ generator: SplitMix64) {
            self.deliveriesBetweenCuts = deliveriesBetweenCuts
            state = Mutex(State(generator: generator))
        }

        var heard: [LoggedEvent] { state.withLock(\.heard) }

        var isReadable: Bool { state.withLock(\.isReadable) }

        /// Whether the connection is to be cut now.
        func note(_ delivery: ResumingSubscription.Delivery) -> Bool {
            guard case .publication(let publication, _) = delivery else { return false }
            return state.withLock { state in
                if let event = try? LoggedEvent(publication) { state.heard.append(event) } else { state.isReadable = false }
                guard let deliveriesBetweenCuts else { return false }
                return Int.random(in: 0..<deliveriesBetweenCuts, using: &state.generator) == 0
            }
        }
    }
}
