import Foundation
import Synchronization

/// Lets threads wait for a while, and ends every wait when the database closes.
final class StopSignal: Sendable {
    private let condition = NSCondition()
    private let stopped = Atomic<Bool>(false)

    var isStopped: Bool { stopped.load(ordering: .acquiring) }

    func stop() {
        condition.lock()
        stopped.store(true, ordering: .releasing)
        condition.broadcast()
        condition.unlock()
    }

    /// - Returns: whether the time has passed; false at once after the stop.
    func pause(for duration: Duration) -> Bool {
        let end = Date(timeIntervalSinceNow: Double(duration.milliseconds) / 1_000)
        condition.lock()
        defer { condition.unlock() }
        while !isStopped {
            if !condition.wait(until: end) { return !isStopped }
        }
        return false
    }
}
