import HTTPTypes
import Metrics
import Synchronization

/// Counts the requests by route, method and status. There are as many series as the routes have answers: the raw path is never a label.
final class RequestMetrics: Sendable {
    private struct Key: Hashable {
        let route: String
        let method: String
        let status: Int
    }

    private struct Handlers {
        let count: Counter
        let duration: Timer
    }

    private let factory: any MetricsFactory
    private let bodyLimit: Counter
    /// Kept, because the factory's own look-up makes lists of labels.
    private let handlers = Mutex<[Key: Handlers]>([:])

    init(factory: any MetricsFactory) {
        self.factory = factory
        bodyLimit = Metric.limitsHit.counter("request_bytes", in: factory)
    }

    /// - Parameter route: nil for an address where there is nothing.
    func answered(_ route: Route?, method: HTTPRequest.Method, status: Int, took duration: Duration) {
        let key = Key(route: route?.pattern.description ?? "unknown", method: RequestLog.known(method), status: status)
        let handlers = self.handlers.withLock { handlers in
            if let known = handlers[key] { return known }
            let made = Handlers(
                count: Metric.requests.counter(key.route, key.method, "\(status)", in: factory),
                duration: Metric.requestDuration.timer(key.route, key.method, in: factory)
            )
            handlers[key] = made
            return made
        }
        handlers.count.increment()
        let (seconds, attoseconds) = duration.components
        handlers.duration.recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
        if status == HTTPResponse.Status.contentTooLarge.code { bodyLimit.increment() }
    }
}
