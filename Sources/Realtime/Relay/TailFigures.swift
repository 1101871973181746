import Synchronization

/// What following the log has cost since the start.
public struct TailFigures: Hashable, Sendable {
    /// Looks at which channels moved.
    public internal(set) var looks = 0
    /// Looks that failed.
    public internal(set) var failures = 0

    public init() {}
}

/// Where they are counted.
final class TailCounts: Sendable {
    private let figures = Mutex(TailFigures())

    var current: TailFigures { figures.withLock { $0 } }

    func looked(_ hasSucceeded: Bool) {
        figures.withLock { figures in
            figures.looks += 1
            if !hasSucceeded { figures.failures += 1 }
        }
    }
}
