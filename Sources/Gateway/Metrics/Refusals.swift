import Metrics

/// Counts who is turned away at the door, and which bound it was where it was one.
struct Refusals: Sendable {
    enum Reason: String, CaseIterable {
        /// Too many connections from the address.
        case address
        /// Too many upgrades in a second.
        case rate
        /// Too many live connections.
        case full
        /// The server is about to stop.
        case draining
        /// A web page of a host that may not connect.
        case origin
        /// No valid token.
        case credentials
        /// Not a handshake of RFC 6455.
        case handshake
        /// A request head that is too long.
        case requestHead = "request_head"

        /// The value of the label of ``Metric/limitsHit``.
        var limit: String? {
            switch self {
            case .address: "accepts_per_address"
            case .rate: "upgrades"
            case .full: "connections"
            case .requestHead: "request_head_bytes"
            case .draining, .origin, .credentials, .handshake: nil
            }
        }
    }

    private let counters: [Reason: Counter]
    private let limits: [Reason: Counter]

    /// - Parameter factory: the default counts nothing.
    init(factory: any MetricsFactory = NOOPMetricsHandler.instance) {
        // All of them at once: a series that begins with its first event has no rate before the second one.
        counters = Dictionary(uniqueKeysWithValues: Reason.allCases.map { ($0, Metric.refusals.counter($0.rawValue, in: factory)) })
        limits = Dictionary(
            uniqueKeysWithValues: Reason.allCases.compactMap { reason in
                reason.limit.map { (reason, Metric.limitsHit.counter($0, in: factory)) }
            }
        )
    }

    func count(_ reason: Reason) {
        counters[reason]?.increment()
        limits[reason]?.increment()
    }
}
