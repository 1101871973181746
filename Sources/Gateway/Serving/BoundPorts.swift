import Synchronization

/// Collects the ports of listeners that are bound at the same time, until the last one is.
final class BoundPorts: Sendable {
    private let ports: Mutex<[Int?]>

    init(listeners: Int) {
        ports = Mutex(Array(repeating: nil, count: listeners))
    }

    /// - Returns: the ports of all listeners, to whoever brings the last one.
    func add(_ port: Int, of listener: Int) -> [Int]? {
        ports.withLock { ports in
            ports[listener] = port
            let bound = ports.compactMap(\.self)
            return bound.count == ports.count ? bound : nil
        }
    }
}
