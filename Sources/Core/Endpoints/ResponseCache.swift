import Synchronization

/// Encoded answers of one operation that are the same for every caller, kept until something they tell of changes.
///
/// Invalidation comes from the commit itself, before the writer's own reply leaves. An answer is stored only if no invalidation came
/// between the read of the data and its end: a slow reader can't put an old list back.
public final class ResponseCache: Sendable {
    private struct State {
        var answers: [[String: String]: EndpointAnswer] = [:]
        var generation = 0
    }

    private let state = Mutex(State())
    private let answersMax: Int

    /// - Parameter answersMax: distinct requests kept; when full the cache starts anew. Zero turns it off.
    public init(answersMax: Int = 256) {
        self.answersMax = answersMax
    }

    /// Forgets everything; called with the commit that changed what the answers tell of.
    public func invalidate() {
        state.withLock {
            $0.answers.removeAll(keepingCapacity: true)
            $0.generation += 1
        }
    }

    struct Ticket {
        let cache: ResponseCache
        let key: [String: String]
        let generation: Int
        let stored: EndpointAnswer?

        func store(_ answer: EndpointAnswer) {
            cache.state.withLock {
                guard $0.generation == generation, cache.answersMax > 0 else { return }
                if $0.answers.count >= cache.answersMax { $0.answers.removeAll(keepingCapacity: true) }
                $0.answers[key] = answer
            }
        }
    }

    func ticket(for input: RequestInput) -> Ticket {
        let key = input.path.isEmpty ? input.query : input.query.merging(input.path) { _, path in path }
        return state.withLock { Ticket(cache: self, key: key, generation: $0.generation, stored: $0.answers[key]) }
    }
}
